/**
 * The epoch axis of the pictures: logarithmic, with epoch 0 a little left of epoch 1 behind a break of the axis,
 * because a logarithm has no place for it and the state before the first step must be seen.
 */

/** Pieces of a vega-lite specification. */
export type Part = Record<string, unknown>

export interface EpochAxis {
  /** First and last place on the axis. */
  domain: [number, number]
  /** Places with a tick and a label. */
  ticks: number[]
  /** Where epoch 0 stands: an eighth of the axis left of epoch 1, at most half a decade; null without epoch 0. */
  zero: number | null
}

/** Where an epoch stands on the axis: itself, but for 0. */
export function placeOf(epoch: number, axis: EpochAxis): number {
  return epoch === 0 ? axis.zero! : epoch
}

/** The axis for these epochs (none: 1 to 10), with ticks at decades, or at 1, 2 and 5 of them when there are few. */
export function epochAxis(epochs: number[]): EpochAxis {
  const positive = epochs.filter((epoch) => epoch > 0)
  const hasZero = epochs.includes(0)
  const first = hasZero || positive.length === 0 ? 1 : Math.min(...positive)
  const last = Math.max(positive.length === 0 ? 10 : 2, first * 1.5, ...positive)
  const decades = Array.from({ length: Math.ceil(Math.log10(last)) + 1 }, (_, i) => 10 ** i)
  const steps = last / first < 300 ? [1, 2, 5] : [1]
  const inside = decades.flatMap((decade) => steps.map((step) => step * decade))
  const ticks = inside.filter((place) => place >= first && place <= last)
  if (!hasZero) return { domain: [first, last], ticks, zero: null }
  const zero = 10 ** -Math.min(0.5, Math.log10(last) / 8)
  return { domain: [zero ** 1.2, last], ticks: [zero, ...ticks], zero }
}

/** The x encoding; only the lowest panel carries labels and the title. */
export function epochEncoding(axis: EpochAxis, labelled: boolean): Part {
  const labelExpr = "datum.value < 1 ? '0' : format(datum.value, ',')"
  const title = labelled ? 'epoch' : null
  const everyTick = { values: axis.ticks, tickCount: 100, labelOverlap: false, labelFlush: false }
  return {
    field: 'place',
    type: 'quantitative',
    scale: { type: 'log', domain: axis.domain, nice: false },
    axis: { ...everyTick, title, labels: labelled, labelExpr },
  }
}

/** The break between epochs 0 and 1, drawn over the axis line at the bottom of a panel. */
export function breakMarks(axis: EpochAxis, height: number, colour: string): Part[] {
  if (axis.zero === null) return []
  const data = { values: [{ place: Math.sqrt(axis.zero) }] }
  const encoding = { y: { value: height } }
  return [
    { data, mark: { type: 'rect', color: 'white', width: 5, height: 6 }, encoding },
    { data, mark: { type: 'text', text: '//', color: colour, fontSize: 11, baseline: 'middle' }, encoding },
  ]
}
