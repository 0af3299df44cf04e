/**
 * A comparison on the terminal, 80 columns wide: which conditions, how far each layer fell and how much less than in the
 * reference, what clusters did meanwhile, which claims hold, and what could not be told.
 */
import { studentTQuantile } from '../math/statistics.js'
import { groupedBy } from '../report/grouped.js'
import { counted, fixed, ranges, visible, wrapped } from '../report/numbers.js'
import { mostlyTooFewReplicas, seedSummaries } from '../report/seed-summary.js'
import type { ComparisonRow } from '../tables/comparison.js'
import type { Claim, Verdict } from './claims.js'
import { isEstimated, type Condition } from './condition.js'
import { accuracyTable, clusteringTables, compressionTable, crossTables } from './tables.js'

/** Everything, without a final newline. */
export function comparisonText(
  conditions: readonly Condition[],
  rows: readonly ComparisonRow[],
  claims: readonly Claim[],
): string {
  const blocks = [
    conditionLines(conditions),
    compressionTable(conditions, rows),
    accuracyTable(conditions, rows),
    clusteringTables(conditions, rows),
    ...crossTables(rows),
    claimLines(claims),
    ['To know', ...cautions(conditions).map((text) => wrapped(`  ${text}`, 80, 4))].join('\n'),
  ]
  return blocks.filter((block) => block !== '').join('\n\n')
}

function conditionLines(conditions: readonly Condition[]): string {
  const lines = conditions.map((condition, i) => {
    const { name, seeds, finished, differs } = condition
    const parts = [
      `${counted(seeds.length, 'seed')} (${ranges(seeds)}), ${until(condition)}${finished ? '' : ', not finished'}`,
      ...(isEstimated(condition) ? [] : ['no estimate of I(X;T)']),
      i === 0 ? 'the reference' : differs.length === 0 ? 'the same configuration' : shortened(differs),
    ]
    return wrapped(`  ${visible(name)}: ${parts.join('; ')}`, 80, 4)
  })
  return ['Conditions', ...lines].join('\n')
}

function until({ ends: [first, last] }: Condition): string {
  return first === last ? `to epoch ${last}` : `to epochs ${first} to ${last}`
}

function shortened(texts: string[]): string {
  const more = texts.length > 4 ? [`${texts.length - 4} more keys differ`] : []
  return visible([...texts.slice(0, 4), ...more].join('; '))
}

/** The deepest layer with its numbers, the others by their verdicts; claims that rest on the same numbers together. */
function claimLines(claims: readonly Claim[]): string {
  if (claims.length === 0) return ''
  const groups = [...groupedBy(claims, ({ condition, claim }) => `${condition}\n${claim}`).values()].map((group) => {
    const deepest = group.reduce((deep, claim) => (claim.layer > deep.layer ? claim : deep))
    return { deepest, others: otherLayers(group.filter((each) => each !== deepest)) }
  })
  const lines = groupedBy(groups, ({ deepest }) => `${deepest.condition}\n${deepest.because}`).values()
  return ['Claims, with the numbers of the deepest layer', ...[...lines].map(claimLine)].join('\n')
}

function claimLine(same: { deepest: Claim; others: string }[]): string {
  const { condition, layer, because } = same[0].deepest
  const said = same.map(({ deepest, others }, i) => {
    const place = i === 0 ? `${condition}, layer ${layer}: ` : ''
    return `${deepest.verdict}: ${place}${deepest.claim}${others}`
  })
  return wrapped(visible(`  ${said.join('; ')}: ${because}.`), 80, 4)
}

function otherLayers(others: Claim[]): string {
  const byVerdict = [...groupedBy(others, ({ verdict }): Verdict => verdict)]
  const texts = byVerdict.map(([verdict, claims]) => {
    const layers = claims.map(({ layer }) => layer)
    return `${layers.length === 1 ? 'layer' : 'layers'} ${ranges(layers)}: ${verdict}`
  })
  return texts.length === 0 ? '' : ` (${texts.join('; ')})`
}

function cautions(conditions: readonly Condition[]): string[] {
  return [
    'Intervals are at 95 %, over seeds, each by itself: of twenty true claims one may seem to fail. Means and differences: ' +
      "Student's t; rank correlations: t in Fisher's z. paired: within seeds, which share start, split and order; unpaired " +
      '(Welch): as of two groups of networks.',
    'Compression is the highest of many values less the last, and so a little high on average; a claim holds or fails ' +
      'only where the whole interval says so.',
    ...missing(conditions),
    ...fewSeeds(conditions),
    ...unequalEnds(conditions),
    ...weakReplicas(conditions),
  ]
}

function missing(conditions: readonly Condition[]): string[] {
  const without = (text: string, lacks: (condition: Condition) => boolean, what: string) => {
    const names = conditions.filter(lacks).map(({ name }) => visible(name))
    return names.length === 0 ? [] : [`${text} (${names.join(', ')}): ${what} cannot be told.`]
  }
  return [
    ...without(
      'No estimate of I(X;T), as of layers without noise or too wide',
      (condition) => !isEstimated(condition),
      'compression',
    ),
    ...without('No clustering.arrow', ({ clustering }) => clustering === null, 'what distances did'),
    ...without('No binned-entropies.arrow', ({ binned }) => binned === null, 'what H(Bin(T)) did'),
  ]
}

function fewSeeds(conditions: readonly Condition[]): string[] {
  const [reference, ...others] = conditions
  const alone = conditions.filter(({ seeds }) => seeds.length === 1).map(({ name }) => visible(name))
  const fewest = Math.min(...conditions.map(({ seeds }) => seeds.length))
  const strangers = others.filter(({ seeds }) => !seeds.some((seed) => reference.seeds.includes(seed)))
  const texts = strangers.map(
    ({ name }) => `${visible(name)} has no seed of the reference: differences are unpaired only.`,
  )
  if (alone.length > 0)
    return [...texts, `One seed (${alone.join(', ')}): no intervals, and nothing said of other seeds.`]
  if (fewest > 3) return texts
  const reach = fixed(studentTQuantile(0.975, fewest - 1), 1)
  return [...texts, `${fewest} seeds make wide intervals (${reach} standard errors); more seeds narrow them.`]
}

/** Measurements of unlike grids end a little apart: that is let pass. */
function unequalEnds(conditions: readonly Condition[]): string[] {
  const ends = conditions.flatMap((condition) => condition.ends)
  const [first, last] = [Math.min(...ends), Math.max(...ends)]
  if (last <= 1.3 * first) return []
  const each = conditions.map((condition) => `${visible(condition.name)} ${until(condition)}`)
  return [`The last measurements are not of one epoch (${each.join(', ')}): --until ${first} compares what all have.`]
}

function weakReplicas(conditions: readonly Condition[]): string[] {
  const places = conditions.flatMap(({ name, information }) => {
    const layers = seedSummaries(information)
      .filter(({ falls }) =>
        [falls.map(({ highest }) => highest), falls.map(({ last }) => last)].some(mostlyTooFewReplicas),
      )
      .map(({ layer }) => layer)
    return layers.length === 0
      ? []
      : [`${visible(name)}, ${layers.length === 1 ? 'layer' : 'layers'} ${ranges(layers)}`]
  })
  if (places.length === 0) return []
  return [`Too few replicas (step ratio > 0.65) at the highest or the last (${places.join('; ')}): bias remains there.`]
}
