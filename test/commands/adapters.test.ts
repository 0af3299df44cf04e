/** Which adapters there are, and how one of them is asked for. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { join } from 'node:path'
import { readRunRecord } from '../../src/tables/run-folder.js'
import type { FoundAdapter } from '../../src/gpu/adapter.js'
import { testIf } from '../skip.js'
import { execute, infoflow, mistake, scratch, small, succeed } from './process.js'

const folder = scratch(test)
const { stdout: json } = await execute([...infoflow, 'adapters', '--json'], { cwd: folder })
const found = JSON.parse(json) as FoundAdapter[]
const withAdapter = (name: string, run: () => unknown) =>
  testIf(found.length > 0, 'no adapter on this machine', test, name, run)

/** The last in order of preference, so that naming it is not what happens anyway; 'swift' of SwiftShader. */
const last = found.at(-1)?.name ?? ''
const part = last.slice(0, 5).toLowerCase()
const mistyped = part.slice(0, 2) + part[3] + part[2] + part.slice(4)

test('as JSON: a list in order of preference, with features and limits', () => {
  for (const { name, kind, backend, rung, features, limits } of found) {
    assert.ok(name && backend && Array.isArray(features))
    assert.is(kind, rung === 'hardware' ? 'GPU' : 'software')
    assert.ok(limits.maxStorageBufferBindingSize >= 2 ** 27 && limits.maxComputeWorkgroupStorageSize >= 2 ** 14)
  }
  assert.equal(
    found.map(({ chosen }) => chosen),
    found.map((_, index) => index === 0),
  )
})

withAdapter('as text: a line for each, a star at the one that a run takes', async () => {
  const { stdout, stderr } = await succeed(folder, 'adapters')
  assert.is(stderr, '')
  const [head, ...lines] = stdout.split('\n')
  assert.match(head, /name +kind +backend +from +features +storage binding +workgroup memory +invocations/)
  found.forEach(({ name, kind, chosen }, i) => {
    assert.ok(lines[i].startsWith(`${chosen ? '*' : ' '}  ${name} `) && lines[i].includes(` ${kind} `), lines[i])
  })
  assert.match(stdout, /^\* what a run takes; .*--adapter/m)
})

withAdapter('a part of its name, in any case, makes a run take it', async () => {
  const plain = [...small, '--set', 'noise.std=0', '--epochs', '1', '--measurements', '1', '--out', 'run']
  const { stderr } = await succeed(folder, 'run', 'szt', ...plain, '--adapter', part)
  const name = found.find((one) => one.name.toLowerCase().includes(part))!.name
  assert.ok(stderr.startsWith(`adapter: ${name} - `), stderr)
  const { adapter } = readRunRecord(join(folder, 'run')) as unknown as { adapter: FoundAdapter }
  assert.is(adapter.name, name)
})

withAdapter('a mistyped part suggests the nearest', async () => {
  const line = await mistake(folder, 'run', 'szt', '--adapter', mistyped)
  const nearest = RegExp(`^infoflow: unknown adapter '${mistyped}': did you mean '([^']+)'\\? known: '`).exec(line)?.[1]
  assert.ok(nearest?.toLowerCase().startsWith(part), line)
})

test.run()
