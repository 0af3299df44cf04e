import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Schema } from 'apache-arrow'
import { configurationHash } from '../../src/tables/configuration-hash.js'
import {
  activationSchema,
  binnedEntropySchema,
  clusteringSchema,
  histogramSchema,
  informationSchema,
  rivalSchema,
  scatterSchema,
  trainingSchema,
} from '../../src/tables/schema.js'
import {
  binnedEntropyRow,
  clusteringRow,
  histogramRow,
  informationRow,
  metadata,
  rivalRow,
  scatterRow,
  trainingRow,
} from './sample-run.js'

const names = (schema: Schema) => schema.fields.map((field) => field.name)
const schemas = [
  trainingSchema(metadata),
  informationSchema(metadata),
  activationSchema(2, 3, metadata),
  rivalSchema(metadata),
  clusteringSchema(metadata),
  binnedEntropySchema(metadata),
  histogramSchema(metadata),
  scatterSchema(3, metadata),
]

test('the columns of version 1, in their order', () => {
  const quantity = (name: string) => [name, `${name}_corrected`, `${name}_se`, `${name}_low`, `${name}_high`]
  assert.equal(names(schemas[0]), Object.keys(trainingRow(0)))
  assert.equal(names(schemas[1]), [
    ...['seed', 'epoch', 'layer', 'dimension'],
    ...['mi', 'label_mi', 'h_t', 'h_t_given_x', 'h_t_given_y'].flatMap(quantity),
    ...['mi_ceiling', 'certificate', 'numerical_error', 'step_ratio', 'regime', 'inputs', 'replicas', 'own_replicas'],
    ...['batches', 'queries', 'seconds', 'warnings'],
  ])
  assert.equal(names(schemas[1]).sort(), Object.keys(informationRow(0, 1)).sort())
  assert.equal(names(schemas[2]), ['seed', 'epoch', 'replica', 'x', 'y', 's'])
  assert.equal(names(schemas[3]), Object.keys(rivalRow(0, 1)))
  assert.equal(names(schemas[4]), Object.keys(clusteringRow(0, 1)))
  assert.equal(names(schemas[5]), Object.keys(binnedEntropyRow(0, 1)))
  assert.equal(names(schemas[6]), Object.keys(histogramRow(0, 1)))
  assert.equal(names(schemas[7]), Object.keys(scatterRow(0, 1)))
})

test('the types: whole numbers stay whole, information is f64, samples are f32 lists', () => {
  const types = Object.fromEntries(schemas.flatMap((schema) => schema.fields.map((f) => [f.name, String(f.type)])))
  for (const name of ['seed', 'epoch', 'layer', 'queries', 'x', 'y']) assert.is(types[name], 'Uint32')
  for (const name of ['train_loss', 'mi', 'h_t_given_y_high', 'seconds']) assert.is(types[name], 'Float64')
  assert.is(types.regime, 'Utf8')
  assert.is(types.warnings, 'List<Utf8>')
  assert.is(types.counts, 'List<Uint32>')
  assert.is(types.s, 'FixedSizeList[3]<Float32>')
})

test('the metadata tell the version, the configuration, and every column with its unit', () => {
  for (const schema of schemas) {
    assert.is(schema.metadata.get('schema_version'), '1')
    assert.is(schema.metadata.get('configuration_hash'), 'c0ffee')
    assert.is(schema.metadata.get('title'), 'quick')
    const columns = JSON.parse(schema.metadata.get('columns')!)
    assert.equal(Object.keys(columns), names(schema))
    for (const { name, metadata } of schema.fields) {
      assert.equal(columns[name], { description: metadata.get('description'), unit: metadata.get('unit') })
      assert.ok(columns[name].description.length > 5 && columns[name].unit.length > 0, name)
    }
  }
  assert.is(schemas[1].fields[4].metadata.get('unit'), 'nats')
  assert.equal(
    schemas.map((schema) => schema.metadata.get('table')),
    ['training', 'information', 'activations', 'rivals', 'clustering', 'binned-entropies', 'histograms', 'scatter'],
  )
})

test('the hash of a configuration: its meaning counts, not the order of its keys', () => {
  const hash = configurationHash({ noise: { std: 0.005 }, layers: [10, 7], note: undefined })
  assert.is(hash, configurationHash({ layers: [10, 7], noise: { std: 0.005 } }))
  assert.is.not(hash, configurationHash({ layers: [7, 10], noise: { std: 0.005 } }))
  // echo -n '{"a":1,"b":[true,null]}' | sha256sum
  const known = '1cc69c7fa23616ca2ec3ee70d24390a6225c8832db8a4c814c7e0e7f942f8668'
  assert.is(configurationHash({ b: [true, null], a: 1 }), known)
  assert.throws(() => configurationHash({ std: NaN }), /JSON values only, found NaN/)
  assert.throws(() => configurationHash({ data: new Float32Array(2) }), /JSON values only/)
})

test.run()
