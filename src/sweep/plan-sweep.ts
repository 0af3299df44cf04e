/** From a sweep file to a plan: every setting checked by the experiment's own schema, none of them twice, nothing left to pick. */
import { InputError } from '../errors.js'
import type { GivenValue } from '../experiments/read-config.js'
import { at } from '../experiments/tree.js'
import { configurationHash } from '../tables/configuration-hash.js'
import { hashed, settingTitle, type Plan, type Setting } from './plan.js'
import type { Sweep } from './sweep-file.js'
import { configured, type TaskRun } from './task-config.js'

/** What a calibration of the first task picks for all of them, by dotted key. */
export type Pick = (first: TaskRun) => Promise<Record<string, unknown>>

/** @throws InputError: the first mistake of any task, with line and column; two settings that are the same */
export async function planSweep(sweep: Sweep, file: string, infoflow: string, pick: Pick): Promise<Plan> {
  const { experiment, base, set, settings, seeds } = sweep
  const runOf = (setting: readonly GivenValue[], picked: Record<string, unknown>) =>
    configured({ experiment, base, given: [...set, ...setting], seeds: seeds[0], picked })
  const first = await runOf(settings[0], {})
  for (const setting of settings) await runOf(setting, {}) // mistakes first: a calibration takes seconds
  const picked = await pick(first)
  const runs: TaskRun[] = []
  for (const setting of settings) runs.push(await runOf(setting, picked))
  refuseRepeats(file, runs, settings)
  return hashed({
    infoflow,
    experiment,
    base: base as Record<string, unknown>,
    set: plain(set),
    picked,
    keys: sweep.keys,
    settings: runs.map(({ config }, i) => whole(sweep.keys, plain(settings[i]), config)),
    tasks: settings.flatMap((_, setting) => seeds.map((own) => ({ setting, seeds: own }))),
  })
}

const plain = (given: readonly GivenValue[]): Setting => Object.fromEntries(given.map(([key, value]) => [key, value]))

/** A list may leave keys out: what the experiment has in their place belongs into every table as well. */
function whole(keys: readonly string[], setting: Setting, config: object): Setting {
  const values = keys.map((key) => [key, Object.hasOwn(setting, key) ? setting[key] : at(config, key.split('.'))])
  return Object.fromEntries(values.filter(([, value]) => value !== undefined && value !== 'auto'))
}

function refuseRepeats(file: string, runs: readonly TaskRun[], settings: readonly GivenValue[][]): void {
  const seen = new Map<string, number>()
  runs.forEach(({ config }, i) => {
    const hash = configurationHash(config)
    const same = seen.get(hash)
    seen.set(hash, i)
    if (same === undefined) return
    const [place] = settings[i].map(([, , { value }]) => value)
    const [one, other] = [same, i].map((n) => `${n} (${settingTitle(plain(settings[n])) || 'no key at all'})`)
    throw new InputError(`${place ?? file}: settings ${one} and ${other} are one and the same: leave one of them out`)
  })
}
