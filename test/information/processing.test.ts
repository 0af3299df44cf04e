// Answers by layer: a layer that seems to know more than the one below is told so, within its own network alone.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { addProcessingWarnings } from '../../src/information/processing.js'
import type { GroupAnswer } from '../../src/tables/answers.js'

const answer = (epoch: number, layer: number, mi: number): GroupAnswer =>
  ({
    keys: { layer, epoch },
    answer: { mi, mi_corrected: mi, mi_se: 0.01, numerical_error: 0, certificate: 0, step_ratio: null, warnings: [] },
  }) as unknown as GroupAnswer

test('a layer above the one below it is warned about, whatever the order of the groups', () => {
  const answers = [answer(1, 3, 2.5), answer(1, 2, 2), answer(1, 1, 4), answer(2, 2, 9)]
  addProcessingWarnings(answers)
  assert.equal(
    answers.map(({ answer }) => answer.warnings.length),
    [1, 0, 0, 0],
  )
  assert.match(answers[0].answer.warnings[0], /data processing inequality/)
})

test('within the errors there is nothing to say', () => {
  const answers = [answer(1, 1, 2), answer(1, 2, 2.03)]
  addProcessingWarnings(answers)
  assert.is(answers[1].answer.warnings.length, 0)
})

test.run()
