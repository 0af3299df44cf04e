/**
 * A data set out of a person's own files: .npy, .npz, Arrow (Feather V2) and Parquet, compressed or not, CSV with a header, and
 * IDX, plain or in gzip. The files are read (file-rows.ts), their numbers scaled (normalise.ts), their labels made classes
 * (classes.ts), the test rows laid behind the training rows.
 */
import { basename, resolve } from 'node:path'
import { InputError } from '../errors.js'
import { memoryToUse } from '../memory.js'
import { told } from '../samples/open.js'
import { shown } from '../samples/wording.js'
import { classesOf } from './classes.js'
import type { DataSet } from './dataset.js'
import { readInputs, readLabels, remedies } from './file-rows.js'
import type { InputRows, LabelRows } from './file-rows.js'
import { requireShape } from './input-shape.js'
import type { Shape } from './input-shape.js'
import { scalingOf, writeScaled } from './normalise.js'
import type { Normalise, Scaling } from './normalise.js'

/** Paths as they are to be opened; columns count in files that have them. */
export interface DataFiles {
  inputs: string
  /** By default a column of the file of inputs. */
  labels?: string
  /** A test set of its own. */
  testInputs?: string
  /** By default a column of the file of test inputs. */
  testLabels?: string
  /** An array of an .npz, a column of lists, or the x of columns x0, x1, ...; by default x, else inputs, else images. */
  inputColumn?: string
  /** By default y, else labels, else label. */
  labelColumn?: string
  /** By default one more than the largest label, or as many as there are different names. */
  classes?: number
  /** By default none. */
  normalise?: Normalise
  /** By default as the file has it: IDX, .npy and .npz of 3 (n x height x width) or 4 dimensions. */
  shape?: Shape
  /** Whether X is uniform on exactly these rows, or these are a sample of it, the default. */
  regime?: 'sample' | 'all'
}

/** Rows to train on, or to test on. */
interface Part {
  inputs: InputRows
  labels: LabelRows
}

/**
 * The data set of these files, named after the file of inputs; test rows stand behind the training rows (`testFrom`).
 *
 * Inputs are the numbers of the file, whole ones too: bytes are 0..255, of IDX as well (unlike `mnist`, whose pixels are 0..1),
 * until `normalise` says otherwise. It goes by the training rows alone, so that test rows may leave 0..1 under min-max.
 *
 * Labels that are whole numbers from 0 on are classes as they stand; labels that are negative, 1000 or larger without `classes`,
 * strings or booleans become classes in sorted order, and `classNames` holds what they were.
 *
 * Of `regime: all`, rows that repeat remain separate inputs, each of probability 1 / count: as values X then has less entropy than
 * ln(count), and a layer cannot tell them apart. Test rows are such inputs too.
 * @param memory bytes that the inputs may take; by default 60 % of the machine's
 * @throws InputError one line with the path: a file that is missing, damaged, none of these or too large; columns that are not
 * there; numbers or labels that are missing or not finite; counts, widths, shapes or labels that do not go together
 */
export async function dataFromFiles(files: DataFiles, memory = memoryToUse()): Promise<DataSet> {
  requireTestFiles(files)
  const training = await read(files.inputs, files.labels, 'labels', files, memory)
  const left = memory - bytesOf(training)
  const test = files.testInputs ? await read(files.testInputs, files.testLabels, 'testLabels', files, left) : null
  if (test) requireAlike(training.inputs, test.inputs)
  const { width } = training.inputs
  const shape = files.shape ?? training.inputs.shape
  within(files.inputs, () => shape && requireShape(shape, width))
  const scaling = within(files.inputs, () => scalingOf(files.normalise ?? 'none', training.inputs, shape?.[0] ?? width))
  const count = training.inputs.rows + (test?.inputs.rows ?? 0)
  return {
    ...{ name: basename(files.inputs), count, width, enumerated: files.regime === 'all' },
    ...(shape && { shape }),
    ...(test && { testFrom: training.inputs.rows }),
    inputs: joined(test ? [training, test] : [training], count * width, scaling),
    ...classesOf(training.labels, test?.labels ?? null, files.classes),
  }
}

async function read(
  path: string,
  labelPath: string | undefined,
  key: string,
  files: DataFiles,
  memory: number,
): Promise<Part> {
  const own = labelPath === undefined ? { column: files.labelColumn, key } : null
  const wanted = { inputs: { column: files.inputColumn }, labels: own }
  const { inputs, labels: beside } = await readInputs(path, wanted, files.shape !== undefined, memory)
  const labels = beside ?? (await readLabels(labelPath!, files.labelColumn))
  if (labels.rows === inputs.rows) return { inputs, labels }
  const found = `${shown(labels.path, 400)}: ${labels.rows} labels for the ${inputs.rows} inputs of ${shown(path, 400)}`
  throw new InputError(`${found}: expected one an input; take files of one data set`)
}

function joined(parts: Part[], length: number, scaling: Scaling): Float32Array {
  const out = within(parts[0].inputs.path, () => new Float32Array(length))
  let at = 0
  for (const { inputs } of parts) {
    within(inputs.path, () => writeScaled(out, at, inputs, scaling))
    at += inputs.rows * inputs.width
  }
  return out
}

function requireTestFiles({ inputs, testInputs, testLabels }: DataFiles): void {
  if (testLabels !== undefined && testInputs === undefined) {
    throw new InputError('data.testLabels: given without testInputs: expected the inputs that they are of; name both')
  }
  if (testInputs === undefined || resolve(testInputs) !== resolve(inputs)) return
  const found = `data.testInputs: ${shown(testInputs, 400)} is the file of the training inputs`
  throw new InputError(`${found}: expected rows that are not trained on; save them in a file of their own`)
}

function requireAlike(training: InputRows, test: InputRows): void {
  const size = ({ shape, width }: InputRows) =>
    shape && training.shape && test.shape ? shape.join(' x ') : String(width)
  const [found, expected] = [size(test), size(training)]
  if (found === expected) return
  const line = `${shown(test.path, 400)}: test inputs of ${found} numbers: expected ${expected}`
  throw new InputError(`${line}, as in ${shown(training.path, 400)}; take files of one data set`)
}

const bytesOf = ({ inputs: { portions, rows, width } }: Part) =>
  portions.reduce((all, { byteLength }) => all + byteLength, 0) + 4 * rows * width

/** What `run` gives; its mistakes have the path in front. */
function within<T>(path: string, run: () => T): T {
  try {
    return run()
  } catch (error) {
    throw told(error, path, remedies)
  }
}
