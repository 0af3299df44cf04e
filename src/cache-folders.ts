import os from 'node:os'
import { join } from 'node:path'

/** Where files may be kept from run to run, in the order to try: INFOFLOW_CACHE alone, or the user's cache, then tmp. */
export function cacheFolders(env: NodeJS.ProcessEnv = process.env): string[] {
  if (env.INFOFLOW_CACHE) return [env.INFOFLOW_CACHE]
  const cache = env.XDG_CACHE_HOME || (env.HOME ? join(env.HOME, '.cache') : null)
  const inTmp = join(os.tmpdir(), `infoflow-${process.getuid?.() ?? 'user'}`)
  return cache ? [join(cache, 'infoflow'), inTmp] : [inTmp]
}
