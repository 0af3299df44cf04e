/** The scripts that go to Slurm: what stands in them, and what may not. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import * as slurm from '../../src/sweep/slurm.js'

const request: slurm.SlurmRequest = {
  folder: '/data/sweep-001',
  name: 'infoflow-sweep-001',
  infoflow: ['/usr/bin/node', '/opt/infoflow/dist/cli.js'],
  members: [0, 1, 2, 3, 7],
  chunk: 1,
}

test('the array script holds what was asked for, and nothing that was not', () => {
  const asked = { ...request, gpus: 'a100:1', partition: 'gpu', time: '2:00:00', throttle: 4 }
  assert.is(
    slurm.arrayScript(asked),
    [
      '#!/bin/sh',
      '#SBATCH --job-name=infoflow-sweep-001',
      '#SBATCH --array=0-3,7%4',
      '#SBATCH --output=/data/sweep-001/logs/slurm-%A_%a.log',
      '#SBATCH --open-mode=append',
      '#SBATCH --requeue',
      '#SBATCH --partition=gpu',
      '#SBATCH --gpus=a100:1',
      '#SBATCH --time=2:00:00',
      '',
      'exec /usr/bin/node /opt/infoflow/dist/cli.js sweep run /data/sweep-001',
      '',
    ].join('\n'),
  )
  assert.not.match(slurm.arrayScript(request), /gpus|partition|time|%4/)
  assert.match(slurm.arrayScript({ ...request, chunk: 10 }), /sweep run \/data\/sweep-001 --chunk 10\n$/)
  assert.match(slurm.mergeScript(asked), /\nexec .* sweep merge \/data\/sweep-001\n$/)
  assert.not.match(slurm.mergeScript(asked), /gpus|array/)
})

test('what could break out of a script is refused, in one line', () => {
  const refused: [Partial<slurm.SlurmRequest>, RegExp][] = [
    [{ folder: '/data/my sweep' }, /my sweep: Slurm scripts take/],
    [{ folder: '/data/a\n#SBATCH --uid=root' }, /Slurm scripts take/],
    [{ infoflow: ['/bin/no$(de)'] }, /Slurm scripts take/],
    [{ gpus: '0' }, /--gpus: '0' is not a number/],
    [{ gpus: '1\nrm' }, /--gpus/],
    [{ partition: 'a b' }, /--partition/],
    [{ time: 'soon' }, /--time: 'soon' is not a time as Slurm's/],
  ]
  for (const [part, message] of refused) assert.throws(() => slurm.checkRequest({ ...request, ...part }), message)
  for (const time of ['30', '2:00', '2:00:00', '1-12', '1-12:00:00']) slurm.checkRequest({ ...request, time })
})

test('members as Slurm writes them, and no more of them than it takes', () => {
  assert.is(slurm.arrayText([5]), '5')
  assert.is(slurm.arrayText([0, 2, 3, 4, 9, 10]), '0,2-4,9-10')
  for (const [tasks, most, chunk] of [
    [12, 1001, 1],
    [1001, 1001, 1],
    [1002, 1001, 2],
    [10_000, 1001, 10],
  ]) {
    assert.is(slurm.chunkFor(tasks, most), chunk)
    assert.ok(Math.ceil(tasks / chunk) <= most)
  }
})

test('what Slurm prints is read, and anything else refused', () => {
  assert.equal([slurm.jobId('123\n'), slurm.jobId('123;cluster\n')], ['123', '123'])
  assert.throws(() => slurm.jobId('Submitted'), /sbatch: printed 'Submitted'/)
  assert.equal([...slurm.queueCounts('RUNNING\nPENDING\nPENDING\n')], [['running', 1], ['pending', 2]]) // prettier-ignore
})

test.run()
