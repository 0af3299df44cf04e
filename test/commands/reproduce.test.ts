import { execFileSync } from 'node:child_process'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import yargs from 'yargs'
import { reproduceCommand } from '../../src/commands/reproduce.js'
import { declared, sourcesOf } from '../../src/commands/run-options.js'
import { shellCommand } from '../../src/commands/shell.js'
import { readConfig } from '../../src/experiments/read-config.js'
import { applyMode, settle } from '../../src/experiments/settle.js'
import { szt } from '../../src/experiments/szt.js'

const picked = { seeds: [1, 2], epochs: 500, measurements: 40, replicas: 16, ownReplicas: 256, batches: 16, queries: 1 }

function settled(...sets: string[]) {
  return settle(applyMode(readConfig(szt.defaults, { sets }), szt), picked)
}

test('every picked value is in the command, and no other that the experiment has by itself', () => {
  const command = reproduceCommand(settled(), szt, 'SwiftShader Device (Subzero)')
  const sampling = '--replicas 16 --own-replicas 256 --batches 16 --queries 1'
  const adapter = "--adapter 'SwiftShader Device (Subzero)'"
  assert.is(command, `infoflow run szt --seeds 1..2 --epochs 500 --measurements 40 ${sampling} ${adapter}`)
})

test('read again, the command gives the same configuration', async () => {
  const variants = [
    [],
    ['mode=full', 'seeds=7', 'save.replicas=2', 'save.weights=true'],
    ['noise.std=0.01', 'measurement.layers=[1, 5]', 'network.layers.0.width=8', 'training.learningRate=1e-3'],
    ['measurement.epochs=[0, 1, 10]', 'network.layers=[{width: 4, activation: tanh}, {width: 2, activation: linear}]'],
  ]
  for (const sets of variants) {
    const original = settled(...sets)
    const words = shellWords(reproduceCommand(original, szt, "it's mine"))
    const typed = await yargs(words)
      .options(declared())
      .parserConfiguration({ 'camel-case-expansion': false, 'parse-numbers': false })
      .parse()
    const config = readConfig(szt.defaults, sourcesOf(typed))
    const read = settle(applyMode(config, szt), { ...picked, epochs: 1, measurements: 1, replicas: 48, queries: 9 })
    assert.equal(read, { ...original, adapter: "it's mine" }, words.join(' '))
  }
})

test('a shell reads back the words that were quoted', () => {
  const words = ['plain', 'two words', "it's", '$HOME', '[1,2]', '', '*']
  assert.equal(shellWords(shellCommand(words)), words)
})

/** What a shell makes of a command line, words on lines of their own. */
function shellWords(command: string): string[] {
  return execFileSync('sh', ['-c', `printf '%s\\n' ${command}`], { encoding: 'utf8' })
    .split('\n')
    .slice(0, -1)
}

test.run()
