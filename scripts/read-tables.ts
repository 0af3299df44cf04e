// SHOWS  what a run left on disk, read back without any of the program that made it: where each layer's information was
//        highest, where it ended, and whether the difference stands out of the noise
// COST   well under a second: node --import tsx scripts/read-tables.ts results/szt-001
import { join } from 'node:path'
import { compression, readRows, readRunRecord, type InformationRow, type TrainingRow } from '../src/index.js'

const folder = process.argv[2] ?? 'results/reference/szt-quick'
const information = readRows<InformationRow>(join(folder, 'information.arrow'))
const last = readRows<TrainingRow>(join(folder, 'training.arrow')).at(-1)
console.log(`${readRunRecord(folder)?.title ?? folder}: ${information.length} rows up to epoch ${last?.epoch}`)

for (const layer of new Set(information.map((row) => row.layer))) {
  const found = compression(information.filter((row) => row.layer === layer))
  if (found === null) {
    console.log(`layer ${layer}: no estimate`)
    continue
  }
  const { highest, last: end, value, low, high, significant } = found
  const peak = `${highest.mi_corrected.toFixed(3)} nats at epoch ${highest.epoch}`
  const lost = `${value.toFixed(3)} nats (95 % between ${low.toFixed(3)} and ${high.toFixed(3)})`
  console.log(
    `layer ${layer}: highest ${peak}; by epoch ${end.epoch} it lost ${lost}${significant ? ': compression' : ''}`,
  )
}
