/** All figures of a report, in the order in which a page shows them. */
import { binnedFigures, rivalFigures } from './beside-figures.js'
import type { Figure } from './figure.js'
import {
  histogramFigure,
  histogramPanels,
  histogramsOf,
  type Histograms,
  type LayerHistograms,
} from './histogram-figures.js'
import { informationPlane } from './information-plane.js'
import { differenceFigure, distanceFigures, informationFigure, type Overlay } from './layer-figures.js'
import { screenLook } from './look.js'
import { isPresent } from './present.js'
import { scatterFigure, scatterOf, scatterPlanes, type Scatter, type ScatterPlane } from './scatter-figures.js'
import { trainingFigures } from './training-figures.js'

export interface ReportFigures {
  information: Figure[]
  training: Figure[]
  plane: Figure[]
  distances: Figure[]
  binned: Figure[]
  rivals: Figure[]
  scatters: { scatter: Scatter; planes: ScatterPlane[] }[]
  histograms: { histograms: Histograms; panels: { figure: Figure; layer: LayerHistograms }[] }[]
  /** Grids over epochs, which only files have. */
  grids: Figure[]
}

export function reportFigures(overlay: Overlay): ReportFigures {
  const several = overlay.conditions.length > 1
  const scatters = overlay.conditions.map(scatterOf).filter(isPresent)
  const histograms = overlay.conditions.map(histogramsOf).filter(isPresent)
  return {
    information: [informationFigure(overlay)].filter(isPresent),
    training: trainingFigures(overlay).filter(isPresent),
    plane: [informationPlane(overlay), differenceFigure(overlay)].filter(isPresent),
    distances: distanceFigures(overlay).filter(isPresent),
    binned: binnedFigures(overlay).filter(isPresent),
    rivals: rivalFigures(overlay).filter(isPresent),
    scatters: scatters.map((scatter) => ({ scatter, planes: scatterPlanes(scatter, screenLook) })),
    histograms: histograms.map((one) => ({ histograms: one, panels: histogramPanels(one, screenLook) })),
    grids: [
      ...scatters.map((scatter) => scatterFigure(scatter, overlay.look, several)),
      ...histograms.map((one) => histogramFigure(one, overlay.look, several)),
    ],
  }
}

/** Those that are curves, or points through training. */
export function curveFigures({ information, training, plane, distances, binned, rivals }: ReportFigures): Figure[] {
  return [information, training, plane, distances, binned, rivals].flat()
}
