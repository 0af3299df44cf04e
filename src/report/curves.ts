/** The picture of a run: I(X;T_l) per layer against epoch above losses and accuracies. */
import { curvesSpecification, type CurvesInput } from './curves-specification.js'
import { writePicture } from './picture.js'

/** Writes information.svg, information.png and information.vl.json into an existing folder; returns their paths. */
export async function writeCurves(input: CurvesInput, folder: string): Promise<string[]> {
  return writePicture('information', curvesSpecification(input), folder)
}
