/**
 * What `infoflow estimate` says on the terminal: a table with one row for each group of samples, sentences that say
 * what they mean, and each warning once with the groups that it concerns. Everything that comes from the file is
 * escaped.
 */
import type { AnswerRow, GroupAnswer, GroupKeys } from '../tables/answers.js'
import { groupName, halfWidth, short, tooFewReplicas } from './answers-groups.js'
import { meaningOf, meaningOfAll } from './answers-meaning.js'
import { bits as toBits, counted, fixed, visible, withMargin, wrapped } from './numbers.js'

export interface AnswersInput {
  answers: readonly GroupAnswer[]
  /** What the x in the file were taken for. */
  inputs: 'all' | 'sample'
  /** Show bits instead of nats. */
  bits: boolean
}

/** With more groups than this one sentence speaks of all of them. */
const fewGroups = 4

/** The text without a final newline. */
export function answersReport({ answers, inputs, bits }: AnswersInput): string {
  const sentences =
    answers.length > fewGroups
      ? [meaningOfAll(answers, bits)]
      : answers.map(({ keys, answer }) => `${prefix(keys)}${meaningOf(answer, bits)}`)
  const blocks = [caption(answers, inputs, bits), table(answers, bits), ...sentences.map((text) => wrapped(text))]
  return [...blocks, warningLines(answers)].filter((block) => block !== '').join('\n\n')
}

function prefix(keys: GroupKeys): string {
  const name = groupName(keys)
  return name === '' ? '' : `${name}: `
}

function caption(answers: readonly GroupAnswer[], inputs: 'all' | 'sample', bits: boolean): string {
  const unit = bits ? 'bits' : 'nats'
  const ownInputs = answers.every(({ answer }) => answer.samples === answer.inputs)
  const what = ownInputs ? 'every row is an input of its own; the inputs in the file' : 'the inputs (x) in the file'
  const taken =
    inputs === 'all' ? 'are taken as all there are' : 'are taken as a sample (if they are all there are: --inputs all)'
  return wrapped(`Information in ${unit}; ${what} ${taken}.`)
}

interface TableColumn {
  head: string
  left?: boolean
  cell(one: GroupAnswer): string
}

function table(answers: readonly GroupAnswer[], bits: boolean): string {
  const columns = [...keyColumns(answers), ...answerColumns(answers, bits)]
  const rows = [columns.map(({ head }) => head), ...answers.map((one) => columns.map(({ cell }) => cell(one)))]
  const widths = columns.map((_, i) => Math.max(...rows.map((row) => row[i].length)))
  const lines = rows.map((row) =>
    row
      .map((cell, i) => aligned(cell, widths[i], columns[i].left))
      .join('  ')
      .trimEnd(),
  )
  return [...lines, ...notes(answers)].join('\n')
}

const aligned = (cell: string, width: number, left = false) => (left ? cell.padEnd(width) : cell.padStart(width))

function keyColumns(answers: readonly GroupAnswer[]): TableColumn[] {
  return Object.keys(answers[0]?.keys ?? {}).map((name) => ({
    head: short(name),
    left: answers.some(({ keys }) => typeof keys[name] === 'string'),
    cell: ({ keys }) => short(keys[name]),
  }))
}

function answerColumns(answers: readonly GroupAnswer[], bits: boolean): TableColumn[] {
  const scaled = (value: number | null) => (bits ? toBits(value) : value)
  const margin = (row: AnswerRow, name: 'mi' | 'label_mi') =>
    withMargin(scaled(row[`${name}_corrected`]), scaled(halfWidth(row, name)))
  const labelled = answers.some(({ answer }) => answer.label_mi_corrected !== null)
  const bounded = answers.some(({ answer }) => answer.minimal_samples !== null)
  const information: TableColumn = {
    head: 'I(X;T) ± 95 %',
    cell: ({ answer }) => `${margin(answer, 'mi')}${tooFewReplicas(answer) ? ' *' : ''}`,
  }
  const labels: TableColumn = { head: 'I(Y;T) ± 95 %', cell: ({ answer }) => margin(answer, 'label_mi') }
  return [
    { head: 'regime', left: true, cell: ({ answer }) => answer.regime },
    information,
    { head: 'SE', cell: ({ answer }) => small(scaled(answer.mi_se)) },
    { head: 'correction', cell: ({ answer }) => fixed(scaled(correction(answer))) },
    { head: 'h(T)', cell: ({ answer }) => fixed(scaled(answer.h_t_corrected)) },
    ...(labelled ? [labels] : []),
    { head: bounded ? 'n, minimal n' : 'n', cell: ({ answer }) => enough(answer) },
  ]
}

function correction({ mi, mi_corrected }: AnswerRow): number | null {
  return mi === null || mi_corrected === null ? null : mi_corrected - mi
}

/** A standard error; one that rounds to zero is '<0.0001'. */
function small(value: number | null): string {
  const text = fixed(value)
  return value !== null && value > 0 && Number(text) === 0 ? '<0.0001' : text
}

/** '4096 < 3.4e17' where the samples are too few for the worst case, '4096' where that does not apply. */
function enough({ samples, minimal_samples, sufficient }: AnswerRow): string {
  if (minimal_samples === null) return String(samples)
  const minimal =
    minimal_samples < 1e6 ? String(Math.ceil(minimal_samples)) : minimal_samples.toExponential(1).replace('+', '')
  return `${samples} ${sufficient === false ? '<' : '>='} ${minimal}`
}

function notes(answers: readonly GroupAnswer[]): string[] {
  const shown: string[] = []
  if (answers.some(({ answer }) => tooFewReplicas(answer))) {
    shown.push('* too few replicas (step ratio > 0.65): the interval covers sampling error only')
  }
  if (answers.some(({ answer }) => answer.sufficient === false)) {
    shown.push('n < minimal n: in the worst case over all layers a bias of over 0.1 nats remains')
  }
  return shown
}

interface Warned {
  text: string
  texts: Set<string>
  groups: Set<GroupKeys>
}

/** One entry for all groups with the same warning; texts that differ in their numbers alone are the same. */
function warningLines(answers: readonly GroupAnswer[]): string {
  const entries = new Map<string, Warned>()
  for (const { keys, answer } of answers) {
    for (const text of new Set(answer.warnings.filter((text) => !said(answer, text)))) {
      const key = text.replace(/[-+]?\d+(\.\d+)?(e[-+]?\d+)?/gi, '#')
      const entry = entries.get(key) ?? { text, texts: new Set(), groups: new Set() }
      entry.texts.add(text)
      entry.groups.add(keys)
      entries.set(key, entry)
    }
  }
  if (entries.size === 0) return ''
  return ['Warnings', ...[...entries.values()].map((entry) => warningLine(entry, answers.length))].join('\n')
}

/** Of a deterministic layer the sentence says it all. */
const said = ({ regime }: AnswerRow, text: string) => regime === 'deterministic' && text.startsWith('deterministic')

function warningLine({ text, texts, groups }: Warned, all: number): string {
  const names = [...groups].slice(0, 3).map(groupName)
  const more = groups.size > names.length ? ` and ${groups.size - names.length} more` : ''
  const of = all > 1 ? ` (${groups.size} of ${counted(all, 'group')})` : ''
  const place = names[0] === '' ? '' : `${names.join('; ')}${more}${of}: `
  const similar = texts.size > 1 ? ` (the first of ${texts.size} that differ in numbers alone)` : ''
  return wrapped(`  ${place}${visible(text)}${similar}`, 80, 4)
}
