/**
 * H(Bin(S)) at many widths, the sensitivity sweep. The bins are those of rivals/binned.ts; counting them is done here by
 * hashing rows instead of neurons, some sixteen numbers at a time, and a row that is alone in its bin is looked at no
 * more. Rows are compared in full: no bin is lost to a collision.
 */
import { InputError } from '../errors.js'
import { binOf } from '../rivals/binned.js'
import type { BinnedEntropyRow } from '../tables/rows.js'
import type { LayerLook } from './look.js'

const fixedWidths = [0.01, 0.05, 0.1, 0.2, 0.5]
const noiseMultiples = [1, 2, 5, 10, 20, 50]
/** Neurons hashed at once. */
const slice = 16

/** {.01, .05, .1, .2, .5} for every layer, so that noisy and deterministic ones share widths, and multiples of beta. */
export function defaultBinWidths(noiseStd: number): number[] {
  return [...fixedWidths, ...(noiseStd > 0 ? noiseMultiples.map((multiple) => multiple * noiseStd) : [])]
}

/** A row for each width, from the narrowest; widths that agree to rounding are one. InputError on one that is none. */
export function binnedEntropyRows(look: LayerLook, widths: readonly number[]): BinnedEntropyRow[] {
  const { seed, epoch, layer, width: dimension, noiseStd, count: inputs } = look
  return distinctWidths(widths).map((bin_width) => {
    const width_in_noise = noiseStd > 0 ? bin_width / noiseStd : null
    const { entropy: h_bin, bins } = binned(look, bin_width)
    const normalised = inputs > 1 ? h_bin / Math.log(inputs) : null
    return { seed, epoch, layer, dimension, bin_width, width_in_noise, h_bin, normalised, bins, inputs }
  })
}

/** Of several that agree the first is kept: .05, not 50 x .001. */
function distinctWidths(widths: readonly number[]): number[] {
  const bad = widths.find((width) => !(width > 0 && width < Infinity))
  if (bad !== undefined) throw new InputError(`bin width: found ${bad}, expected a number above 0`)
  const agree = (a: number, b: number) => Math.abs(a - b) <= 1e-9 * a
  const distinct = widths.filter((width, i) => widths.findIndex((other) => agree(other, width)) === i)
  return distinct.sort((a, b) => a - b)
}

function binned(look: LayerLook, binWidth: number): { entropy: number; bins: number } {
  const everyInput = Uint32Array.from({ length: look.count }, (_, x) => x)
  let split: Split = { rows: everyInput, groups: new Uint32Array(look.count), sizes: [look.count], alone: 0 }
  for (let from = 0; from < look.width && split.rows.length > 0; from += slice) {
    split = refined(split, binsOf(look, split.rows, from, binWidth))
  }
  const { sizes, alone } = split
  const shared = sizes.reduce((total, size) => total + (size / look.count) * Math.log(look.count / size), 0)
  return { entropy: shared + (alone / look.count) * Math.log(look.count), bins: sizes.length + alone }
}

/** Rows that share their bins so far with another one, the groups they form, and how many rows are alone. */
interface Split {
  rows: Uint32Array
  groups: Uint32Array
  sizes: number[]
  alone: number
}

/** rows x (up to `slice`): bins of these rows in the neurons from `from` on. */
function binsOf({ s, width }: LayerLook, rows: Uint32Array, from: number, binWidth: number): Float64Array {
  const taken = Math.min(slice, width - from)
  const bins = new Float64Array(rows.length * taken)
  for (let i = 0, to = 0; i < rows.length; i++) {
    const start = rows[i] * width + from
    for (let at = start; at < start + taken; at++) bins[to++] = binOf(s[at], binWidth)
  }
  return bins
}

function refined({ rows, groups, alone }: Split, bins: Float64Array): Split {
  const of = groupsOf(groups, bins)
  const counts: number[] = []
  for (const group of of) counts[group] = (counts[group] ?? 0) + 1
  const sizes = counts.filter((size) => size > 1)
  let next = 0
  const renamed = counts.map((size) => (size > 1 ? next++ : -1))
  const kept = of.map((_, i) => i).filter((i) => counts[of[i]] > 1)
  return {
    ...{ rows: kept.map((i) => rows[i]), groups: kept.map((i) => renamed[of[i]]), sizes },
    alone: alone + counts.length - sizes.length,
  }
}

/** Rows with the same group before and the same bins get the same number, from 0 in the order of appearance. */
function groupsOf(before: Uint32Array, bins: Float64Array): Uint32Array {
  const taken = bins.length / before.length
  const table = new Int32Array(2 ** Math.ceil(Math.log2(2 * before.length))).fill(-1)
  const leaders: number[] = []
  return before.map((group, i) => {
    let place = hashOf(group, bins, i * taken, taken) & (table.length - 1)
    while (table[place] >= 0 && !alike(before, bins, taken, i, leaders[table[place]])) {
      place = (place + 1) & (table.length - 1)
    }
    if (table[place] < 0) table[place] = leaders.push(i) - 1
    return table[place]
  })
}

function hashOf(group: number, bins: Float64Array, from: number, taken: number): number {
  let hash = group
  for (let at = from; at < from + taken; at++) {
    hash = Math.imul(hash ^ bins[at], 0x9e3779b1)
    hash ^= hash >>> 15
  }
  return hash
}

function alike(before: Uint32Array, bins: Float64Array, taken: number, i: number, j: number): boolean {
  if (before[i] !== before[j]) return false
  for (let k = 0; k < taken; k++) if (bins[i * taken + k] !== bins[j * taken + k]) return false
  return true
}
