/** The runs of a folder as text: a line of facts and a line or two on what came of it for each, the newest last. */
import { join, relative, sep } from 'node:path'
import { InputError } from '../errors.js'
import { seedsNamed } from '../experiments/seeds.js'
import { factsOf, type Facts } from '../overview/facts.js'
import { FoundRun } from '../overview/found-run.js'
import { counted, duration, visible, wrapped } from '../report/numbers.js'
import { runsWithin } from '../tables/run-tables.js'

/** Throws InputError: the folder cannot be read, or holds no run. */
export function listText(folder: string, { json }: { json: boolean }): string {
  const found = outermost(runsWithin(folder)).map((run) => factsOf(new FoundRun(run)))
  const runs = found.sort((a, b) => startOf(a) - startOf(b))
  if (json) return JSON.stringify(runs, null, 2)
  if (runs.length === 0) throw new InputError(`${folder}: no runs in it: infoflow run szt makes one, in results/`)
  return runs.map((run) => entry(run, relative(folder, run.folder) || run.folder)).join('\n')
}

/** Runs of conditions are told of by the run that they belong to. */
function outermost(folders: string[]): string[] {
  return folders.filter((folder) => !folders.some((other) => other !== folder && folder.startsWith(join(other, sep))))
}

/** Those of which it is not known come first. */
const startOf = ({ started }: Facts) => Date.parse(started ?? '') || 0

function entry(facts: Facts, name: string): string {
  const { status, started, seconds, outcome } = facts
  const when = [started === null ? '' : minutes(started), seconds === null ? '' : duration(seconds)]
  const head = [`${visible(name)}  ${status}`, ...when].filter(Boolean).join('  ')
  const told = [what(facts), outcome].filter((text) => text !== '')
  return [head, ...told.map((text) => wrapped(`  ${visible(text)}`, 80, 2))].join('\n')
}

/** `szt (quick), seeds 1..2, 10000 epochs, SwiftShader Device (Subzero)`; what is not known is left out. */
export function what({ experiment, mode, seeds, epochs, adapter }: Facts): string {
  return [
    experiment === null ? '' : `${experiment}${mode === null ? '' : ` (${mode})`}`,
    seeds.length === 0 ? '' : seedsNamed(seeds),
    epochs === null ? '' : counted(epochs, 'epoch'),
    adapter ?? '',
  ]
    .filter(Boolean)
    .join(', ')
}

/** `2026-11-24 02:06 UTC`. */
export const minutes = (iso: string) =>
  Number.isFinite(Date.parse(iso)) ? `${new Date(iso).toISOString().slice(0, 16).replace('T', ' ')} UTC` : visible(iso)
