/** The tables that a report is made of, their columns that it shows, and what is missing where one is. */
import type {
  BinnedEntropyRow,
  ClusteringRow,
  HistogramRow,
  InformationRow,
  RivalRow,
  ScatterRow,
  TrainingRow,
} from '../tables/rows.js'

interface Stored {
  columns: readonly string[]
  /** In words, what a report without it cannot show. */
  lacks: string
  /** Key of the configuration without which no run has the table. */
  optional?: string
  /** Rows kept: those with this value in this column. */
  keep?: readonly [column: string, value: string]
}

const place = ['seed', 'epoch', 'layer'] as const
const information = [
  ...[
    ...place,
    'dimension',
    'mi_corrected',
    'mi_low',
    'mi_high',
    'label_mi_corrected',
    'label_mi_low',
    'label_mi_high',
  ],
  ...['step_ratio', 'regime', 'inputs', 'warnings'],
] as const
const training = ['seed', 'epoch', 'train_loss', 'test_loss', 'train_accuracy', 'test_accuracy'] as const
const clustering = [
  ...[...place, 'within_q25', 'within_median', 'within_q75', 'between_q25', 'between_median', 'between_q75'],
] as const
const binned = [...place, 'bin_width', 'h_bin'] as const
const histograms = [...place, 'low', 'high', 'counts'] as const
const scatter = [...place, 'x', 'y'] as const
const rivals = [...place, 'estimator', 'parameter', 'quantity', 'value', 'measures'] as const

export const stored = {
  information: { columns: information, lacks: 'no information' },
  training: { columns: training, lacks: 'no losses and accuracies' },
  clustering: { columns: clustering, lacks: 'no distances' },
  'binned-entropies': { columns: binned, lacks: 'no binned entropies' },
  histograms: { columns: histograms, lacks: 'no histograms', keep: ['kind', 'activation'] },
  scatter: { columns: scatter, lacks: 'no scatter' },
  rivals: { columns: rivals, lacks: 'no rivals', optional: 'compare', keep: ['quantity', 'mi'] },
} satisfies Record<string, Stored> as Record<TableName, Stored>

export interface StoredTables {
  information: Pick<InformationRow, (typeof information)[number]>[]
  training: Pick<TrainingRow, (typeof training)[number]>[]
  clustering: Pick<ClusteringRow, (typeof clustering)[number]>[]
  'binned-entropies': Pick<BinnedEntropyRow, (typeof binned)[number]>[]
  histograms: Pick<HistogramRow, (typeof histograms)[number]>[]
  scatter: ScatterRow[]
  rivals: Pick<RivalRow, (typeof rivals)[number]>[]
}

export type TableName = keyof StoredTables
