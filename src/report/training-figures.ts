/** Losses and accuracies against epoch. */
import { curveFigure, type Value } from './curve-figure.js'
import type { Figure } from './figure.js'
import { at, common, isNumber, runOf, type Overlay } from './layer-figures.js'
import { dashes } from './look.js'
import { visible } from './numbers.js'

const parts = { train: '#8a8a8a', test: '#111111' } as const

export function trainingFigures(overlay: Overlay): (Figure | null)[] {
  return [trainingFigure(overlay, 'loss'), trainingFigure(overlay, 'accuracy')]
}

function trainingFigure(overlay: Overlay, what: 'loss' | 'accuracy'): Figure | null {
  const [scale, unit] = what === 'loss' ? [1, 'nats'] : [100, '%']
  const { conditions } = overlay
  return curveFigure({
    ...common(overlay, ''),
    name: what,
    title: what === 'loss' ? 'Loss' : 'Accuracy',
    caption: `${what === 'loss' ? 'Mean cross-entropy (or squared error, where that was trained)' : 'Share classified rightly'} on the training and the test set against epoch, without noise.`,
    ...{ quantity: what, unit, digits: what === 'loss' ? 4 : 2, includes: what === 'loss' ? [0] : [100] },
    curves: (['train', 'test'] as const).flatMap((part) =>
      conditions.map((condition, i) => ({
        label: i === 0 ? part : '',
        name: `${part}${conditions.length > 1 ? `, ${visible(condition.name)}` : ''}`,
        ...{ colour: parts[part], dash: dashes[i % dashes.length], layer: null, run: runOf(condition, i) },
        values: condition.tables.training.flatMap((row): Value[] => {
          const value = row[`${part}_${what}`]
          return isNumber(value) ? [{ ...at(row), value: scale * value }] : []
        }),
      })),
    ),
  })
}
