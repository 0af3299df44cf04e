/**
 * Marks of several seeds as one curve with a band: the median over seeds at each epoch, and how far the seeds spread.
 * Few seeds are drawn one by one as well; the ends of their band are seeds. From ten on the band leaves the outermost
 * tenth out on either side, so that one odd training does not decide how wide it looks.
 */
import { median, quantile } from '../math/statistics.js'
import { groupedBy } from './grouped.js'
import type { Mark } from './panel.js'

/** How so many seeds are drawn. */
interface Spread {
  /** Shares of the seeds below the band's lower and upper end. */
  ends: [low: number, high: number]
  /** Whether each seed has a thin line. */
  each: boolean
  /** The legend. */
  words: string
}

/** For two seeds and more. */
export function spreadOf(seeds: number): Spread {
  const thick = `thick: median of ${seeds} seeds`
  if (seeds >= 10)
    return { ends: [0.1, 0.9], each: false, words: `${thick}; bands: 10th to 90th percentile of the seeds` }
  const each = seeds <= 8
  const thin = each ? '; thin: each seed' : ''
  return { ends: [0, 1], each, words: `${thick}${thin}; bands: lowest to highest seed` }
}

/**
 * Marks of a run of so many seeds. One: as they are. Several: medians of those that have a value at the point, hollow
 * where more than half of their points are.
 */
export function overSeeds(marks: Mark[], seeds: number): Mark[] {
  if (seeds < 2) return marks
  const { ends, each } = spreadOf(seeds)
  const points = [...groupedBy(marks, (mark) => `${mark.series} ${mark.epoch}`).values()]
  const medians = points.map((point): Mark => {
    const values = point.map((mark) => mark.value)
    const [low, high] = ends.map((share) => quantile(values, share))
    const hollow = 2 * point.filter((mark) => mark.hollow).length > point.length
    return { ...point[0], seed: null, value: median(values), low, high, hollow }
  })
  const thin = each ? marks.map((mark): Mark => ({ ...mark, role: 'seed', low: null, high: null })) : []
  return [...thin, ...medians]
}
