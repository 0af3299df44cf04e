/** Warnings of a condition's measurements, each text once with its places. */
import { groupedBy } from './grouped.js'
import { ranges } from './numbers.js'
import type { ReportCondition } from './report-condition.js'

export function warningLines({ name, seeds, tables }: ReportCondition, several: boolean): string[] {
  const all = tables.information.flatMap((row) => (row.warnings ?? []).map((text) => ({ ...row, text })))
  return [...groupedBy(all, ({ text, layer }) => `${layer} ${text}`).values()].map((rows) => {
    const epochs = [...new Set(rows.map(({ epoch }) => epoch))].sort((a, b) => a - b)
    const when =
      epochs.length > 4
        ? `${epochs.length} epochs, ${epochs[0]} to ${epochs[epochs.length - 1]}`
        : `epoch ${epochs.join(', ')}`
    const who = seeds.length > 1 ? `, seed ${ranges(rows.map(({ seed }) => seed))}` : ''
    return `${several ? `${name}: ` : ''}layer ${rows[0].layer}, ${when}${who}: ${rows[0].text}`
  })
}
