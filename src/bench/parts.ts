/** The tables of a bench, by the names that --only takes. */
export const parts = ['sums', 'dense', 'convolution', 'training', 'pruning'] as const
export type Part = (typeof parts)[number]

/** Ladders of each: two layers, and the five hidden layers of the network. */
export const ladderCounts: Record<Part, number> = { sums: 1, dense: 2, convolution: 1, training: 1, pruning: 5 }
