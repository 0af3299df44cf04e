// SHOWS  what a run left on disk, read back without any of the program that made it: where each layer's information was
//        highest, where it ended, and whether the difference stands out of the noise; of several seeds their means
// COST   well under a second: node --import tsx scripts/read-tables.ts results/szt-001
import { join } from 'node:path'
import { compression, readRows, readRunRecord, seedSummaries } from '../src/index.js'
import type { InformationRow, Interval, TrainingRow } from '../src/index.js'

const folder = process.argv[2] ?? 'results/reference/szt-quick'
const information = readRows<InformationRow>(join(folder, 'information.arrow'))
const training = readRows<TrainingRow>(join(folder, 'training.arrow'))
const seeds = new Set(information.map((row) => row.seed)).size
const last = training.reduce((epoch, row) => Math.max(epoch, row.epoch), 0)
const of = seeds > 1 ? ` of ${seeds} seeds` : ''
console.log(`${readRunRecord(folder)?.title ?? folder}: ${information.length} rows${of} up to epoch ${last}`)

const text = ({ value, half }: Interval) => `${value.toFixed(3)} ± ${half.toFixed(3)} nats`
for (const { layer, curves, highest, paired, compressed } of seedSummaries(information)) {
  if (curves.length === 0) console.log(`layer ${layer}: no estimate`)
  else if (seeds === 1) console.log(`layer ${layer}: ${single(curves[0])}`)
  else {
    const lost = `lost ${text(paired)} (95 % over seeds); compression in ${compressed} of ${curves.length}`
    console.log(`layer ${layer}: highest ${text(highest)}; by the last epoch it ${lost}`)
  }
}

function single(rows: InformationRow[]): string {
  const { highest, last: end, value, low, high, significant } = compression(rows)!
  const peak = `${highest.mi_corrected.toFixed(3)} nats at epoch ${highest.epoch}`
  const lost = `${value.toFixed(3)} nats (95 % between ${low.toFixed(3)} and ${high.toFixed(3)})`
  return `highest ${peak}; by epoch ${end.epoch} it lost ${lost}${significant ? ': compression' : ''}`
}
