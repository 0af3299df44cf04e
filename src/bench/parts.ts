/** The tables of a bench, by the names that --only takes. */
export const parts = ['sums', 'dense', 'convolution', 'training', 'pruning'] as const
export type Part = (typeof parts)[number]
