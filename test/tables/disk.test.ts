import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { InputError } from '../../src/errors.js'
import { diskError } from '../../src/tables/disk.js'

test('what the system says of a disk, in words', () => {
  const told = (code: string) =>
    diskError(Object.assign(new Error(), { code }), 'a.arrows: cannot write 8 bytes', '3 kept')
  assert.instance(told('ENOSPC'), InputError)
  const line =
    'a.arrows: cannot write 8 bytes: the disk is full (ENOSPC); 3 kept; free some space, or choose another disk'
  assert.ok((told('ENOSPC') as Error).message.startsWith(line))
  assert.match((told('EROFS') as Error).message, /read-only \(EROFS\); 3 kept; choose another folder with --out DIR/)
  assert.match((told('EWHAT') as Error).message, /the system refuses \(EWHAT\)/)
  const ours = new TypeError('ours')
  assert.is(diskError(ours, 'a'), ours, 'what is no error of the system stays our fault')
})

test.run()
