/** --help teaches: every command with examples, every option with a unit, a bound or an example. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { runOptions } from '../../src/commands/run-options.js'
import { packageFolder } from '../../src/commands/versions.js'
// @ts-expect-error: plain JavaScript, because it runs before anything is installed
import { buildIsCurrent } from '../../scripts/setup/build.mjs'
import { testIf } from '../skip.js'
import { execute, scratch, succeed } from './process.js'

const folder = scratch(test)
const helpOf = async (...command: string[]) => {
  const { stdout, stderr } = await succeed(folder, ...command, '--help')
  assert.is(stderr, '')
  assert.ok(
    stdout.split('\n').every((line) => line.length <= 80),
    'fits 80 columns',
  )
  return stdout
}

/** The text of each option, by name: what follows it up to the next one. */
function optionsIn(help: string): Map<string, string> {
  const texts = help.split('\nExamples:')[0].matchAll(/^ {2,}--([a-z-]+)(?:, --[a-z-]+)* +((?:.|\n(?! *--|\n))*)/gm)
  return new Map([...texts].map(([, name, text]) => [name, text.replace(/\s+/g, ' ')]))
}

test('the first page names every command, the exit codes and where to begin', async () => {
  const help = await helpOf()
  for (const part of ['infoflow run', 'infoflow adapters', 'infoflow completion', 'infoflow run szt', '130']) {
    assert.ok(help.includes(part), part)
  }
})

test('every option of a run comes with a unit, a bound or an example', async () => {
  const help = await helpOf('run')
  assert.match(help, /All information is in nats/)
  const options = optionsIn(help)
  for (const [name, { switch: isSwitch }] of Object.entries(runOptions)) {
    const text = options.get(name)
    assert.ok(text, `--${name} is not in the help`)
    assert.match(text!, isSwitch ? /\w+ \w+ \w+.* \[switch\]/ : /(\d|such as \S).* \[value\]/, `--${name}`)
  }
  const examples = [...help.matchAll(/^ {2}infoflow run szt( --\S+)*/gm)]
  assert.ok(examples.length >= 4)
})

test('the help of adapters shows how to take another one', async () => {
  const help = await helpOf('adapters')
  assert.ok(optionsIn(help).get('json'))
  assert.match(help, /infoflow run szt --adapter \S+ +take another/)
})

const hasBash = spawnSync('bash', ['-c', 'exit']).status === 0
testIf(hasBash, 'no bash', test, 'completion is a script that a shell can read', async () => {
  const { stdout } = await succeed(folder, 'completion')
  assert.match(stdout, /^complete .* infoflow$/m)
  assert.is(spawnSync('bash', ['-n'], { input: stdout }).status, 0)
})

const built = join(packageFolder, 'dist/cli.js')
testIf(
  buildIsCurrent(packageFolder),
  'dist/ is not built from the present sources',
  test,
  'help comes at once',
  async () => {
    const { code, seconds } = await execute([process.execPath, built, '--help'], { cwd: folder })
    assert.is(code, 0)
    process.stdout.write(`infoflow --help: ${(1000 * seconds).toFixed(0)} ms\n`)
    assert.ok(seconds < 5, `${seconds} s: is something loaded that only a run needs?`)
  },
)

test.run()
