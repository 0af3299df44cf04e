/** What rivals say of the samples of `infoflow estimate`: a table, and a line on what each of them measures. */
import type { GroupRivals } from '../tables/answers.js'
import type { Quantity, Rival } from '../tables/rows.js'
import { groupName } from './answers-groups.js'
import { bits as toBits, counted, withMargin, wrapped } from './numbers.js'

export interface RivalsInput {
  rivals: readonly GroupRivals[]
  /** Show bits instead of nats. */
  bits: boolean
}

/** With more groups than this the terminal shows I(X;T) alone. */
const fewGroups = 4

const symbols: Record<Quantity, string> = {
  mi: 'I(X;T)',
  label_mi: 'I(Y;T)',
  h_t: 'h(T)',
  h_t_given_x: 'h(T|X)',
  h_t_given_y: 'h(T|Y)',
}

/** The text without a final newline. */
export function rivalsReport({ rivals, bits }: RivalsInput): string {
  const all = rivals.length <= fewGroups
  const tables = rivals.map(({ keys, rivals }) => {
    const shown = all ? rivals : rivals.filter(({ quantity }) => quantity === 'mi')
    return [groupName(keys), table(shown, bits)].filter(Boolean).join('\n')
  })
  return [caption(rivals.length, bits), ...tables, meanings(rivals)].join('\n\n')
}

function caption(groups: number, bits: boolean): string {
  const part = groups > fewGroups ? `; of ${counted(groups, 'group')} I(X;T) alone, --json and --out have all` : ''
  const unit = bits ? 'bits' : 'nats'
  return wrapped(`Rivals, on the same samples: ${unit}, ± standard error, neither corrected nor clamped${part}.`)
}

function table(rivals: readonly Rival[], bits: boolean): string {
  const scaled = (value: number | null) => (bits ? toBits(value) : value)
  const cells = rivals.map(({ estimator, parameter, quantity, value, se }) => [
    ...[estimator, parameter, symbols[quantity]],
    withMargin(scaled(value), scaled(se || null)),
  ])
  const rows = [['estimator', 'parameter', 'quantity', 'value ± SE'], ...cells]
  const widths = rows[0].map((_, i) => Math.max(...rows.map((row) => row[i].length)))
  return rows
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i]))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** One entry for each estimator. */
function meanings(rivals: readonly GroupRivals[]): string {
  const all = rivals.flatMap((group) => group.rivals)
  const told = new Map(all.map(({ estimator, measures }) => [estimator, measures]))
  return [...told].map(([estimator, measures]) => wrapped(`${estimator}: ${measures}`, 80, 2)).join('\n')
}
