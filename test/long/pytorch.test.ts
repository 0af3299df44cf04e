/**
 * Training beside PyTorch (Debian's python3-torch) on one thread, the same network and batches: milliseconds an epoch, in
 * turns, so that both see the same machine. What is trained on does not matter for the time, so each draws its own.
 * COST half a minute; skipped where Python has no torch. On another adapter: VK_DRIVER_FILES=... as for every run.
 */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { openMachine } from '../../src/machine/open.js'
import { Trainer } from '../../src/training/trainer.js'
import { root } from '../example.js'
import { findPython } from '../peers/python.js'
import { testIf } from '../skip.js'
import { paperSetup } from '../training/setups.js'

const { python, reason } = findPython('torch', 'python3-torch')
const machine = await openMachine()
test.after(() => machine.destroy())

const rounds = 5
const trainCount = 3277

function torchMilliseconds(): { milliseconds: number; version: string } {
  const words = [join(root, 'test/peers/train_szt.py'), '60', `${trainCount}`, '1']
  return JSON.parse(execFileSync(python!, words, { encoding: 'utf8', timeout: 120_000 })) as ReturnType<
    typeof torchMilliseconds
  >
}

/** An epoch of so many networks. */
async function ownMilliseconds(networks: number): Promise<number> {
  machine.release()
  const seeds = Array.from({ length: networks }, (_, i) => i)
  const trainer = await Trainer.create(machine, { ...paperSetup(trainCount), seeds })
  const train = async (epochs: number) => {
    trainer.startEpochs(epochs)
    await trainer.finish()
  }
  await train(40)
  const start = performance.now()
  for (let i = 0; i < 5; i++) await train(60)
  return (performance.now() - start) / 300
}

const middle = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]

testIf(python !== null, reason, test, 'an epoch of the SZT network, medians of five rounds', async () => {
  const [torch, one, two]: number[][] = [[], [], []]
  let version = ''
  for (let round = 0; round < rounds; round++) {
    const answer = torchMilliseconds()
    version = answer.version
    torch.push(answer.milliseconds)
    one.push(await ownMilliseconds(1))
    two.push(await ownMilliseconds(2))
  }
  const [a, b, c] = [torch, one, two].map(middle)
  console.log(
    `${machine.name}: PyTorch ${version} ${a.toFixed(2)} ms, one network ${b.toFixed(2)} ms (${(a / b).toFixed(2)} times faster), ` +
      `two ${c.toFixed(2)} ms (${(c / b).toFixed(2)} times one)`,
  )
  assert.ok(b < a, 'faster than PyTorch')
})

test.run()
