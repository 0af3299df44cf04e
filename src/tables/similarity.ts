/** The table of experiments of several conditions, of schema version 1: how alike each condition and the reference represent inputs. */
import { Float64, Uint32, Utf8 } from 'apache-arrow'
import type { Schema } from 'apache-arrow'
import { column, real, schemaOf, type TableMetadata } from './schema.js'

/** One layer of one network at one epoch, beside the same of the reference with the same seed. */
export interface SimilarityRow {
  condition: string
  seed: number
  epoch: number
  layer: number
  dimension: number
  /** beta of the condition. */
  noise_std: number
  /** The highest rate of its dropout layers; 0 without any. */
  dropout_rate: number
  inputs: number
  cosine_mean: number | null
  cosine_q05: number | null
  cosine_q25: number | null
  cosine_median: number | null
  cosine_q75: number | null
  cosine_q95: number | null
}

const cosine = (figure: string, text: string) =>
  real(`cosine_${figure}`, '1', `${text} over inputs of the cosine similarity to the reference's representation`)

const columns = [
  column('condition', new Utf8(), 'none', 'folder of the run that is held against the reference'),
  column('seed', new Uint32(), 'none', 'seed of both networks: initial weights, split, order, noise'),
  column('epoch', new Uint32(), 'epochs', 'epochs of training done by both; 0 is before the first step'),
  column('layer', new Uint32(), 'index', 'layer, from 1'),
  column('dimension', new Uint32(), 'count', 'neurons of the layer'),
  column('noise_std', new Float64(), '1', 'beta of the condition in training; here all noise is off'),
  column('dropout_rate', new Float64(), '1', 'rate of the condition in training; here nothing is dropped'),
  column(
    'inputs',
    new Uint32(),
    'count',
    'inputs whose representations were compared; those at the origin are left out',
  ),
  cosine('mean', 'mean'),
  cosine('q05', '5 % quantile'),
  cosine('q25', '25 % quantile'),
  cosine('median', 'median'),
  cosine('q75', '75 % quantile'),
  cosine('q95', '95 % quantile'),
]

export const similaritySchema = (metadata: TableMetadata): Schema => schemaOf('similarity', columns, metadata)
