/**
 * Waiting for the device without keeping a core busy. While one of its promises is open, Node asks for news as often as it can, on a
 * whole core, and on a software adapter takes that core from the very work it waits for. So between two questions the thread sleeps:
 * the longer it has waited already, the longer.
 */
const cell = new Int32Array(new SharedArrayBuffer(4))
/** Sleeps are this part of the wait so far: no wait gets longer by more. */
const part = 1 / 10
/** Milliseconds: other events need not wait longer. */
const longest = 10

/** Waits that are open, and when the last of them began. */
let open = 0
let since = 0
/** One loop sleeps for all of them. */
let looping = false

/** Settles as `done` does. */
export async function dozing<T>(done: Promise<T>): Promise<T> {
  since = performance.now()
  open++
  if (!looping) setImmediate(doze)
  looping = true
  try {
    return await done
  } finally {
    open--
  }
}

function doze(): void {
  looping = open > 0
  if (!looping) return
  Atomics.wait(cell, 0, 0, Math.min(longest, part * (performance.now() - since)))
  setImmediate(doze)
}
