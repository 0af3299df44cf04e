import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { inspectTable, readRows } from '../../src/tables/read.js'
import { RunRecorder } from '../../src/tables/recorder.js'
import { readSafetensors } from '../../src/tables/safetensors.js'
import {
  activationRows,
  binnedEntropyRow,
  clusteringRow,
  histogramRow,
  informationRow,
  metadata,
  rivalRow,
  scatterRow,
  scratchFolder,
  trainingRow,
} from './sample-run.js'

const scratch = scratchFolder(test)

function begin(name: string): RunRecorder {
  const folder = join(scratch, name)
  mkdirSync(folder)
  return new RunRecorder(folder, [3], metadata)
}

test('a run: streams while it goes on, files at the end', () => {
  const recorder = begin('whole')
  recorder.training(trainingRow(0))
  recorder.information(informationRow(0, 1))
  recorder.information(informationRow(0, 2))
  recorder.activations(activationRows(0, 70_000))
  recorder.weights(0, 3, [{ name: '0.weight', shape: [2, 1], data: Float32Array.of(1, 2) }])
  assert.equal(names(recorder), ['training.arrows', 'information.arrows', 'layer-2.arrows', 'epoch-0.safetensors'])
  recorder.finish()
  assert.equal(names(recorder), ['training.arrow', 'information.arrow', 'layer-2.arrow', 'epoch-0.safetensors'])
  for (const { path, bytes } of recorder.paths()) assert.is(bytes, statSync(path).size)
  assert.equal(readdirSync(recorder.folder).sort(), ['activations', 'information.arrow', 'training.arrow', 'weights'])
  assert.equal(readRows(join(recorder.folder, 'information.arrow')), [informationRow(0, 1), informationRow(0, 2)])
  const samples = join(recorder.folder, 'activations', 'layer-2.arrow')
  assert.is(readRows(samples).length, 70_000)
  assert.is(inspectTable(samples).batches, 2)
  assert.is(inspectTable(samples).schema.metadata.get('layer'), '2')
  const { metadata: weights } = readSafetensors(join(recorder.folder, 'weights', 'epoch-0.safetensors'))
  assert.equal(weights, { format: 'pt', epoch: '0', seed: '3' })
})

test('a run that was interrupted before anything has its tables too, empty', () => {
  const recorder = begin('empty')
  recorder.finish()
  assert.equal(readRows(join(recorder.folder, 'information.arrow')), [])
  assert.not(existsSync(join(recorder.folder, 'activations')))
})

test('rivals have a table as soon as there is one, several rows at a time', () => {
  const recorder = begin('rivals')
  recorder.rival(rivalRow(0, 1), rivalRow(0, 2))
  assert.equal(names(recorder), ['training.arrows', 'information.arrows', 'rivals.arrows'])
  recorder.rival(rivalRow(1, 1))
  recorder.finish()
  assert.equal(names(recorder), ['training.arrow', 'information.arrow', 'rivals.arrow'])
  assert.equal(readRows(join(recorder.folder, 'rivals.arrow')), [rivalRow(0, 1), rivalRow(0, 2), rivalRow(1, 1)])
})

test('clustering: three tables, each begun with its first rows, counts of a histogram in one row', () => {
  const recorder = begin('clustering')
  recorder.binnedEntropy()
  assert.is(names(recorder).length, 2, 'no rows, no table')
  for (const epoch of [1, 2]) {
    recorder.clustering(clusteringRow(epoch, 1), clusteringRow(epoch, 2))
    recorder.binnedEntropy(binnedEntropyRow(epoch, 1), binnedEntropyRow(epoch, 2))
    recorder.histogram(histogramRow(epoch, 0), histogramRow(epoch, 4))
  }
  const streams = recorder.paths().map(({ path }) => path)
  assert.equal(readRows(streams[2]).length, 4)
  recorder.finish()
  assert.equal(names(recorder).slice(2), ['clustering.arrow', 'binned-entropies.arrow', 'histograms.arrow'])
  const [clustering, binned, histograms] = recorder
    .paths()
    .slice(2)
    .map(({ path }) => readRows(path))
  assert.equal(
    clustering,
    [1, 2].flatMap((epoch) => [clusteringRow(epoch, 1), clusteringRow(epoch, 2)]),
  )
  assert.equal(
    binned,
    [1, 2].flatMap((epoch) => [binnedEntropyRow(epoch, 1), binnedEntropyRow(epoch, 2)]),
  )
  assert.equal(
    histograms,
    [1, 2].flatMap((epoch) => [histogramRow(epoch, 0), histogramRow(epoch, 4)]),
  )
  const fraction = { ...histogramRow(1, 0), counts: [0.5] }
  assert.throws(() => recorder.histogram(fraction), /column counts: 0.5 is not List<Uint32>/)
})

test('a scatter of the first seed alone, a column for each neuron', () => {
  const recorder = begin('scatter')
  recorder.scatter(scatterRow(0, 1, 4))
  assert.is(names(recorder).length, 2, 'nothing of the first seed, no table')
  for (const epoch of [0, 1]) recorder.scatter(scatterRow(epoch, 1), scatterRow(epoch, 2))
  recorder.finish()
  assert.equal(
    readRows(join(recorder.folder, 'scatter.arrow')),
    [0, 1].flatMap((epoch) => [scatterRow(epoch, 1), scatterRow(epoch, 2)]),
  )
})

test('one table that cannot be finished stays a stream, the others go on', () => {
  const recorder = begin('partly')
  recorder.training(trainingRow(0))
  recorder.information(informationRow(0, 1))
  mkdirSync(join(recorder.folder, 'training.arrow'))
  assert.throws(() => recorder.finish(), /training\.arrow: .* its 1 rows are kept in .*training\.arrows, readable/)
  assert.equal(names(recorder), ['training.arrows', 'information.arrow'])
  assert.equal(readRows(join(recorder.folder, 'training.arrows')), [trainingRow(0)])
})

test('samples that changed their width are refused', () => {
  const recorder = begin('width')
  recorder.activations(activationRows(0, 2))
  const wide = { ...activationRows(1, 2), width: 4, s: new Float32Array(8) }
  assert.throws(() => recorder.activations(wide), /layer 2: 2 samples of width 3 expected, found 8 numbers of width 4/)
})

const names = (recorder: RunRecorder) => recorder.paths().map(({ path }) => path.split(/[\\/]/).at(-1))

test.run()
