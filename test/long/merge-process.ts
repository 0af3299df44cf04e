/** infoflow sweep merge in a process by itself, which says at the end what it took: seconds, those of the processor, and the most memory in MiB. */
import { performMerge } from '../../src/commands/sweep-merge.js'

const start = performance.now()
process.exitCode = await performMerge(process.argv[2], false)
const seconds = (performance.now() - start) / 1000
process.stdout.write(
  `\ntook ${seconds.toFixed(1)} s, at most ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB\n`,
)
