/** Rows as a run makes them, with a chosen curve of I(X;T_l); everything else is plausible and constant. */
import { quantities, type InformationRow, type TrainingRow } from '../../src/tables/rows.js'

/** t(0.975, 15): the interval's width in standard errors for 16 batches. */
export const t15 = 2.1314495455597757

function nulls(name: string): Record<string, null> {
  return Object.fromEntries(['', '_corrected', '_se', '_low', '_high'].map((suffix) => [name + suffix, null]))
}

export function informationRow(epoch: number, mi: number | null, fields: Partial<InformationRow> = {}): InformationRow {
  const se = fields.mi_se === undefined ? 0.01 : fields.mi_se
  const side = (sign: number): number | null => (mi === null || se === null ? null : mi + sign * t15 * se)
  const interval = { mi, mi_corrected: mi, mi_se: mi === null ? null : se, mi_low: side(-1), mi_high: side(1) }
  const others = Object.assign({}, ...quantities.map(nulls))
  const counts = { inputs: 4096, replicas: 16, own_replicas: 1024, batches: 16, queries: 65536 * 4, seconds: 1.5 }
  const rest = { mi_ceiling: Math.log(4096), certificate: 1e-6, numerical_error: 1e-6, step_ratio: 0.5 }
  const place = { seed: 1, epoch, layer: 5, dimension: 3, regime: 'all' as const, warnings: [] }
  return { ...others, ...place, ...counts, ...rest, ...interval, ...fields }
}

/** One layer's rows from [epoch, mi] pairs. */
export function curve(points: [number, number | null][], fields: Partial<InformationRow> = {}): InformationRow[] {
  return points.map(([epoch, mi]) => informationRow(epoch, mi, fields))
}

export function trainingRow(epoch: number, fields: Partial<TrainingRow> = {}): TrainingRow {
  const losses = { train_loss: 0.69 / (1 + epoch / 50), test_loss: 0.69 / (1 + epoch / 50) + 0.0001 * epoch ** 0.7 }
  const train = 1 - 0.48 / (1 + epoch / 40)
  const shares = { train_accuracy: train, test_accuracy: train - 0.004 * Math.log1p(epoch / 50) }
  return { seed: 1, epoch, ...losses, ...shares, learning_rate: 4e-4, ...fields }
}

/** A run like the paper's: 25 log-spaced epochs, layers 1 and 2 flat, layer 5 up, down, up and down again. */
export function paperLike(seed = 1, last = 10000): { information: InformationRow[]; training: TrainingRow[] } {
  const spaced = Array.from({ length: 24 }, (_, i) => Math.round(last ** (i / 23)))
  const epochs = [0, ...new Set(spaced)]
  const knots: Record<number, [number, number][]> = {
    3: [
      [0, 8.1],
      [25, 8.25],
      [75, 8.2],
      [1000, 8.3],
      [10000, 8.1],
    ],
    4: [
      [0, 5.6],
      [25, 7.1],
      [75, 6.4],
      [1000, 7.2],
      [10000, 6.6],
    ],
    5: [
      [0, 2.5],
      [25, 4.9],
      [75, 3.3],
      [1000, 4.9],
      [10000, 2.3],
    ],
  }
  const widths = [10, 7, 5, 4, 3]
  const information = epochs.flatMap((epoch) =>
    widths.map((dimension, i) => {
      const layer = i + 1
      const wobble = 0.03 * Math.sin(13 * seed + 7 * epoch + layer) + 0.1 * Math.sin(seed * 5.3 + layer)
      const mi = layer === 1 ? Math.log(4096) : layer === 2 ? 8.31 : between(knots[layer], epoch) + wobble
      const mi_se = [1e-13, 0.0005, 0.006, 0.012, 0.03][i] * (1 + Math.abs(Math.sin(epoch)))
      const step_ratio = layer < 3 ? null : layer === 4 && epoch > 20 && epoch < 130 ? 0.71 : 0.52
      return informationRow(epoch, mi, { seed, layer, dimension, mi_se, step_ratio })
    }),
  )
  return { information, training: epochs.map((epoch) => trainingRow(epoch, { seed })) }
}

function between(knots: [number, number][], epoch: number): number {
  const place = (value: number): number => Math.log(Math.max(value, 0.5))
  const next = Math.max(
    1,
    knots.findIndex(([end]) => end >= epoch),
  )
  const [[from, a], [to, b]] = [knots[next - 1], knots[next]]
  const share = (place(epoch) - place(from)) / (place(to) - place(from))
  return a + (b - a) * (0.5 - 0.5 * Math.cos(Math.PI * share))
}
