/** The worked example: Python writes samples, infoflow estimates, Python reads the answer. */
import { spawnSync } from 'node:child_process'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { shellCommand } from '../../src/commands/shell.js'
import { root } from '../example.js'
import { testIf } from '../skip.js'
import { execute, infoflow } from './process.js'

const numpy = spawnSync('python3', ['-c', 'import numpy'], { encoding: 'utf8' })
const reason = numpy.error ? 'no python3 on this machine' : 'python3 has no numpy'

testIf(numpy.status === 0, reason, test, 'numpy writes samples, infoflow answers, Python reads it', async () => {
  const environment = { INFOFLOW: shellCommand(infoflow) }
  const { code, stdout, stderr } = await execute(['python3', 'scripts/python_example.py'], { cwd: root, environment })
  assert.is(code, 0, stderr)
  const number = '(-?[\\d.]+)'
  const line = new RegExp(`^I\\(X;T_2\\) = ${number} nats, 95 % between ${number} and ${number}; no more than 4.159 `)
  const [, value, low, high] = (line.exec(stdout) ?? []).map(Number)
  assert.ok(low < value && value < high && low > 0.5 && high < Math.log(64), stdout)
  const label = Number(/^I\(Y;T_2\) = (\S+) nats/m.exec(stdout)?.[1])
  assert.ok(label > 0 && label < Math.min(value, Math.LN2), stdout)
})

test.run()
