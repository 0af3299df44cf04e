/** The table of `infoflow profile`: one row for each kernel, over all of its dispatches. */
import { Uint32, Utf8 } from 'apache-arrow'
import { batchOfRows } from './batch.js'
import { diskError, writeAtomically } from './disk.js'
import { writeArrowFile } from './ipc.js'
import { column, real, schemaOf, type Column, type TableMetadata } from './schema.js'

export interface KernelRow {
  kernel: string
  calls: number
  total_seconds: number
  median_seconds: number
  p95_seconds: number
  /** Of all kernels' total. */
  share: number
  flops: number
  exps: number
  bytes: number
  /** 0 of a kernel that sums none. */
  pairs: number
  flops_per_second: number
  exps_per_second: number
  bytes_per_second: number
  pairs_per_second: number
  roof_share: number
  bound: 'flops' | 'exps' | 'bytes'
}

const rate = (name: string, description: string) => real(`${name}_per_second`, '1/s', description)

export const kernelColumns: Column[] = [
  column('kernel', new Utf8(), 'none', 'the stem of its shader'),
  column('calls', new Uint32(), 'count', 'dispatches'),
  real('total_seconds', 'seconds', 'of all dispatches together'),
  real('median_seconds', 'seconds', 'of a dispatch'),
  real('p95_seconds', 'seconds', 'of a dispatch: 95 % took no longer'),
  real('share', 'fraction', 'of the total over all kernels'),
  real('flops', 'count', 'additions and multiplications, by what the host half states, all dispatches together'),
  real('exps', 'count', 'exponentials and other transcendental functions, likewise'),
  real('bytes', 'bytes', 'read and written, each array once a dispatch, but for centers, which every block reads'),
  real('pairs', 'count', 'Gaussian kernels between a query and a center; 0 of a kernel that sums none'),
  rate('flops', 'flops over total_seconds'),
  rate('exps', 'exps over total_seconds'),
  rate('bytes', 'bytes over total_seconds'),
  rate('pairs', 'pairs over total_seconds'),
  real(
    'roof_share',
    'fraction',
    'least time that its work takes at the measured rates, over total_seconds; above 1: caches',
  ),
  column('bound', new Utf8(), 'none', 'which of flops, exps and bytes that least time is of'),
]

export const kernelSchema = (metadata: TableMetadata) => schemaOf('kernels', kernelColumns, metadata)

/** Writes the table as an Arrow file, whole or not at all. Throws InputError where the disk refuses. */
export function writeKernels(path: string, rows: readonly KernelRow[], metadata: TableMetadata): void {
  const schema = kernelSchema(metadata)
  try {
    writeAtomically(path, (file) => writeArrowFile(file, schema, [batchOfRows(schema, rows)]))
  } catch (error) {
    throw diskError(error, `${path}: cannot write the table`)
  }
}
