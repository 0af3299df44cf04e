/** Warnings of an estimate that concern a study: samples are drawn here, so how they came about is known. */

/** Each sample is an input of its own, with nothing random between, and equal ones are equal by chance. */
const known = ['one sample per x', 'duplicated x']

export function concerning(warnings: readonly string[]): string[] {
  return warnings.filter((warning) => !known.some((start) => warning.startsWith(start)))
}

/** Of the sample: all rows are told apart, and log n is all that they can show. */
export function atCeiling(warnings: readonly string[]): boolean {
  return warnings.some((warning) => warning.startsWith('at the ceiling of the sample'))
}
