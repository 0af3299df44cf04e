/** The tables of `infoflow bench`, of schema version 1: how fast what is, beside what; and cost against size. */
import { Float64, Uint32, Utf8 } from 'apache-arrow'
import type { Schema } from 'apache-arrow'
import { column, real, schemaOf, type TableMetadata } from './schema.js'

/** One way to do one piece of work. */
export interface BenchRow {
  ladder: string
  title: string
  rung: string
  kind: 'kernel' | 'whole' | 'peer'
  how: string
  work: number
  unit: string
  status: 'timed' | 'wrong' | 'absent'
  note: string
  reference: string
  error_share: number | null
  repetitions: number
  passes: number
  seconds: number | null
  seconds_low: number | null
  seconds_high: number | null
  processor_seconds: number | null
  rate: number | null
  speedup: number | null
  speedup_low: number | null
  speedup_high: number | null
  processor_speedup: number | null
}

/** What the sums of one layer of a trained network take, by number of centers. */
export interface ScalingRow {
  layer: number
  dimension: number
  noise_std: number
  centers: number
  queries: number
  method: 'full' | 'pruned'
  repetitions: number
  seconds: number
  seconds_low: number
  seconds_high: number
  processor_seconds: number
  pairs: number
  pairs_share: number
}

const words = (name: string, description: string) => column(name, new Utf8(), 'none', description)
const whole = (name: string, description: string) => column(name, new Uint32(), 'count', description)

const benchColumns = [
  words('ladder', 'what is computed, in a word'),
  words('title', 'what is computed, with its sizes'),
  words('rung', 'who computes it'),
  words('kind', 'kernel: ours by itself; whole: with everything a user waits for; peer: another program'),
  words('how', 'how it is computed'),
  column('work', new Float64(), 'unit', 'how much of `unit` one pass does'),
  words('unit', 'what work and rate count'),
  words('status', 'timed; wrong: did not agree, so not timed; absent: not on this machine'),
  words('note', 'why it is wrong, absent or unchecked; else empty'),
  words('reference', 'what every rung was checked against before it was timed'),
  real('error_share', '1', 'largest error over what is allowed, at most 1; null where not checked'),
  whole('repetitions', 'rounds timed, each with all rungs in turns'),
  whole('passes', 'passes of a round; times are of one'),
  real('seconds', 'seconds', 'wall clock of a pass: median over rounds'),
  real('seconds_low', 'seconds', 'the fastest round'),
  real('seconds_high', 'seconds', 'the slowest round'),
  real('processor_seconds', 'seconds', 'processor time of a pass, all threads of the process that computes: median'),
  real('rate', 'unit/second', 'work / seconds'),
  real('speedup', '1', "the first rung's seconds over these, round by round: median"),
  real('speedup_low', '1', 'its lowest round'),
  real('speedup_high', '1', 'its highest round'),
  real('processor_speedup', '1', 'the same of processor_seconds: median'),
]

const scalingColumns = [
  whole('layer', 'layer of the trained network, from 1'),
  whole('dimension', 'neurons of the layer'),
  column('noise_std', new Float64(), '1', 'beta'),
  whole('centers', 'n: samples summed over'),
  whole('queries', 'points whose density is asked for'),
  words('method', 'full: every pair; pruned: certificate 1e-6 nats'),
  whole('repetitions', 'sums timed'),
  column('seconds', new Float64(), 'seconds', 'wall clock of a sum, trees and reading back included: median'),
  column('seconds_low', new Float64(), 'seconds', 'the fastest'),
  column('seconds_high', new Float64(), 'seconds', 'the slowest'),
  column('processor_seconds', new Float64(), 'seconds', 'processor time of a sum: median'),
  column('pairs', new Float64(), 'count', 'kernels evaluated one by one'),
  column('pairs_share', new Float64(), 'fraction', 'pairs / (centers queries)'),
]

export const benchSchema = (metadata: TableMetadata): Schema => schemaOf('bench', benchColumns, metadata)
export const scalingSchema = (metadata: TableMetadata): Schema => schemaOf('scaling', scalingColumns, metadata)
