/** Which member of an array job is which task, by every scheduler's own way of counting. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { InputError } from '../../src/errors.js'
import { arrayIndex, schedulers } from '../../src/sweep/array-index.js'

test('the first member of every array is task 0', () => {
  const first: Record<string, string> = {
    SLURM_ARRAY_TASK_ID: '0',
    JOB_COMPLETION_INDEX: '0',
    PBS_ARRAY_INDEX: '0',
    SGE_TASK_ID: '1',
    LSB_JOBINDEX: '1',
    AWS_BATCH_JOB_ARRAY_INDEX: '0',
  }
  assert.equal(schedulers.map(({ variable }) => variable).sort(), Object.keys(first).sort())
  for (const [variable, text] of Object.entries(first)) {
    assert.equal(arrayIndex({ [variable]: text }), { index: 0, variable })
    assert.is(arrayIndex({ [variable]: '12' })?.index, 12 - Number(text))
  }
})

test('outside of an array there is no index: Grid Engine says undefined, LSF 0', () => {
  assert.is(arrayIndex({}), null)
  assert.is(arrayIndex({ SGE_TASK_ID: 'undefined', LSB_JOBINDEX: '0', SLURM_ARRAY_TASK_ID: '' }), null)
  assert.is(arrayIndex({ SGE_TASK_ID: 'undefined', SLURM_ARRAY_TASK_ID: '7' })?.index, 7)
})

test('two that agree are one, two that disagree are one clear line', () => {
  assert.is(arrayIndex({ SLURM_ARRAY_TASK_ID: '4', SGE_TASK_ID: '5' })?.index, 4)
  const disagreeing = () => arrayIndex({ SLURM_ARRAY_TASK_ID: '4', SGE_TASK_ID: '4' })
  assert.throws(disagreeing, (error: Error) => error instanceof InputError)
  assert.throws(
    disagreeing,
    (error: Error) =>
      error.message ===
      'SLURM_ARRAY_TASK_ID=4 (counted from 0) is task 4, SGE_TASK_ID=4 (counted from 1) is task 3: they disagree: ' +
        'unset one of them, or give the task with --index',
  )
})

test('what is no index is refused', () => {
  for (const text of ['-1', '1.5', 'x', '1e3', '0x1', ' 1', '12345678901']) {
    assert.throws(
      () => arrayIndex({ SLURM_ARRAY_TASK_ID: text }),
      /SLURM_ARRAY_TASK_ID: '.*' is not a whole number >= 0/,
    )
  }
  assert.throws(() => arrayIndex({ SGE_TASK_ID: '0' }), /SGE_TASK_ID: '0' is not a whole number >= 1/)
})

test.run()
