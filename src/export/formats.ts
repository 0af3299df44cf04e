/** What `infoflow export` writes; apart, so that the command line knows the names without loading what writes. */
export const formats = ['parquet', 'csv', 'npz'] as const
export type Format = (typeof formats)[number]
