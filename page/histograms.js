/** Outlines of activations: the path that is drawn takes the heights of an epoch. */
import { figureOf, lastUpTo } from './marks.js'

/** show(epoch): the last epoch up to it at which the layer was looked at. */
export function histogramOver({ id, box, epochs, highest, shares }) {
  const path = figureOf(id).querySelector('.outline_marks path')
  const [, , width, height] = box
  const rounded = (value) => Math.round(100 * value) / 100
  return {
    show(epoch) {
      const bins = shares[Math.max(0, lastUpTo(epochs, epoch))]
      const steps = bins.map(
        (share, bin) =>
          `V${rounded(height * (1 - Math.sqrt(share / highest)))}H${rounded(((bin + 1) * width) / bins.length)}`,
      )
      path.setAttribute('d', `M0,${height}${steps.join('')}V${height}Z`)
    },
  }
}
