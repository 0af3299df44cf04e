/** What is said about going on with a run. */
import { counted } from '../report/numbers.js'
import { readRunRecord } from '../tables/run-folder.js'
import type { Where } from './claimed-folder.js'
import type { RunKeeper } from './run-keeper.js'
import { shellCommand } from './shell.js'

/** How to go on with a run that ended early: weights that were given are named on the command line alone. */
export function goingOn(folder: string): string {
  if (readRunRecord(folder)?.weights) return `the same command with --out ${folder} --resume`
  return shellCommand(['infoflow', 'run', folder, '--resume'])
}

/** Whether there is nothing left to do in a folder, which is said. */
export function isFinished({ out, resume }: Where): boolean {
  if (!resume || out === undefined || readRunRecord(out)?.status !== 'finished') return false
  process.stderr.write(`${out}: finished already, nothing is left to do\n`)
  return true
}

/** Where a run goes on. */
export function resumedLine({ from, damaged }: RunKeeper): string {
  const lost = damaged.length > 0 ? `${counted(damaged.length, 'damaged checkpoint')} passed over; ` : ''
  if (!from) return `${lost}no checkpoint yet: it begins again, as it was configured`
  const { epoch, seeds, measured } = from.moment
  const half = from.rows.length > 0 ? `, ${measured} of ${counted(seeds.length, 'network')} measured` : ''
  return `${lost}going on from epoch ${epoch}${half}`
}
