/**
 * Reads shaders/<stem>.wgsl and specialises it: `#include "shared/x.wgsl"`, `#let NAME text` (what NAME stands for below),
 * `#repeat K NAME` ... `#endrepeat` (the lines once for K = 0 .. NAME-1, or from the last with `#repeat K NAME down`; a loop of
 * the shader where NAME stands for a name in it), and through wgsl-preprocessor `#if EXPR`, `#elif EXPR`, `#else`, `#endif` and
 * `${NAME}`, where EXPR is NAME, !NAME or NAME == literal. Every line carries a mark of where it comes from through all of
 * this, so that a compiler's message names the file's own line.
 */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js'

type Value = number | string | boolean
export type ShaderConstants = Record<string, Value>

export interface Shader {
  stem: string
  code: string
  /** The place, `file:line`, of each line of `code`. */
  places: string[]
}

interface Line {
  text: string
  place: string
}

const folder = new URL('../../shaders/', import.meta.url)
const directive = /^\s*#(if|elif|else|endif|include|let|repeat|endrepeat)\b\s*(.*?)\s*$/

/** The stems of all kernels: the .wgsl files at the top of shaders/. */
export function shaderStems(): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.wgsl'))
    .map((name) => name.slice(0, -'.wgsl'.length))
    .sort()
}

/** sha256 of every file under shaders/, by its path there: what a run was computed with. */
export function shaderHashes(): Record<string, string> {
  const files = readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.wgsl'))
    .sort()
  return Object.fromEntries(files.map((name) => [name, createHash('sha256').update(read(name)).digest('hex')]))
}

/** The shader of a kernel with these constants. A name that is used and not given is an error with its place. */
export function loadShader(stem: string, constants: ShaderConstants): Shader {
  return specialise(stem, sourceLines(`${stem}.wgsl`), constants)
}

/** The same for a text that lies in no file. */
export function specialiseText(name: string, text: string, constants: ShaderConstants): Shader {
  return specialise(name, toLines(name, text), constants)
}

function specialise(stem: string, lines: Line[], given: ShaderConstants): Shader {
  const constants = { ...given }
  const expanded = expandRepeats(lines, constants)
  const { strings, values } = template(expanded, constants)
  const marked = wgsl(strings, ...values).split('\n')
  const kept = marked.map((line) => /^(.*)\/\/@(\d+)$/.exec(line)).filter((match) => match !== null)
  return {
    stem,
    code: kept.map((match) => match[1].trimEnd()).join('\n') + '\n',
    places: kept.map((match) => expanded[Number(match[2])].place),
  }
}

function read(name: string): string {
  return readFileSync(fileURLToPath(new URL(name, folder)), 'utf8')
}

function toLines(name: string, text: string): Line[] {
  return text.split('\n').map((line, i) => ({ text: line, place: `${name}:${i + 1}` }))
}

function sourceLines(name: string): Line[] {
  return toLines(`shaders/${name}`, read(name)).flatMap((line) => {
    const match = directive.exec(line.text)
    if (match?.[1] !== 'include') return [line]
    const file = /^"(shared\/[\w-]+\.wgsl)"$/.exec(match[2])
    if (!file) throw new Error(`${line.place}: expected #include "shared/NAME.wgsl", found ${line.text.trim()}`)
    return sourceLines(file[1])
  })
}

/** Writes out lets and repeats; a let is added to the constants. */
function expandRepeats(lines: Line[], constants: ShaderConstants): Line[] {
  const out: Line[] = []
  for (let i = 0; i < lines.length; i++) {
    const match = directive.exec(lines[i].text)
    if (match?.[1] === 'endrepeat') throw new Error(`${lines[i].place}: #endrepeat without #repeat`)
    if (match?.[1] === 'let') {
      const [name, value] = definition(lines[i].place, match[2])
      constants[name] = value
      const again = lines.findIndex(({ text }, k) => k > i && new RegExp(`^\\s*#let\\s+${name}\\s`).test(text))
      const end = again < 0 ? lines.length : again
      lines = [...lines.slice(0, i + 1), ...filled(lines.slice(i + 1, end), name, value), ...lines.slice(end)]
    } else if (match?.[1] === 'repeat') {
      const end = endOfRepeat(lines, i)
      if (end < 0) throw repeatExpected(lines[i].place)
      out.push(...repeated(lines[i].place, match[2], lines.slice(i + 1, end), constants))
      i = end
    } else out.push(lines[i])
  }
  return out
}

function definition(place: string, text: string): [string, string] {
  const [name, ...value] = text.split(/\s+/)
  if (!/^\w+$/.test(name) || value.length === 0) throw new Error(`${place}: expected #let NAME text`)
  return [name, value.join(' ')]
}

/** The body once for each number, or in a loop of the shader where the number is known to it alone. */
function repeated(place: string, text: string, body: Line[], constants: ShaderConstants): Line[] {
  const [variable, name, down] = text.split(/\s+/)
  if (!name) throw repeatExpected(place)
  const value = lookUp(name, place, constants)
  const times = Number(value)
  if (Number.isNaN(times)) {
    const head = { text: `for (var ${variable} = 0u; ${variable} < ${value}; ${variable}++) {`, place }
    return [head, ...expandRepeats(filled(body, variable, variable), constants), { text: '}', place }]
  }
  return Array.from({ length: times }, (_, turn) => {
    const k = down === 'down' ? times - 1 - turn : turn
    return expandRepeats(filled(body, variable, String(k)), constants)
  }).flat()
}

function filled(lines: Line[], name: string, value: string): Line[] {
  return lines.map((line) => ({ ...line, text: line.text.replaceAll(`\${${name}}`, value) }))
}

function repeatExpected(place: string): Error {
  return new Error(`${place}: expected #repeat K NAME [down] ... #endrepeat`)
}

/** The #endrepeat that belongs to the #repeat at `start`, or -1. */
function endOfRepeat(lines: Line[], start: number): number {
  let depth = 0
  for (let i = start; i < lines.length; i++) {
    const kind = directive.exec(lines[i].text)?.[1]
    if (kind === 'repeat') depth++
    if (kind === 'endrepeat' && --depth === 0) return i
  }
  return -1
}

/** Splits the lines where a value goes in, as a template literal would be. */
function template(lines: Line[], constants: ShaderConstants): { strings: string[]; values: Value[] } {
  const strings = ['']
  const values: Value[] = []
  const append = (text: string) => (strings[strings.length - 1] += text)
  const insert = (value: Value) => {
    values.push(value)
    strings.push('')
  }
  lines.forEach((line, index) => {
    const match = directive.exec(line.text)
    if (match) {
      append(`#${match[1]}${match[1].endsWith('if') && match[1] !== 'endif' ? ' ' : '\n'}`)
      if (match[1] === 'if' || match[1] === 'elif') insert(evaluate(match[2], line.place, constants))
      return
    }
    const pieces = line.text.split(/\$\{(\w+)\}/)
    pieces.forEach((piece, k) =>
      k % 2 ? insert(lookUp(piece, line.place, constants)) : append(checked(piece, line.place)),
    )
    append(`//@${index}\n`)
  })
  return { strings, values }
}

function checked(text: string, place: string): string {
  if (/#(if|elif|else|endif)/.test(text)) throw new Error(`${place}: a directive must begin its line`)
  return text
}

function evaluate(expression: string, place: string, constants: ShaderConstants): boolean {
  const match = /^(!?)(\w+)(?:\s*==\s*([\w-]+))?$/.exec(expression)
  if (!match || (match[1] && match[3])) {
    throw new Error(`${place}: expected NAME, !NAME or NAME == literal, found '${expression}'`)
  }
  const value = lookUp(match[2], place, constants)
  if (match[3]) return String(value) === match[3]
  return match[1] ? !value : Boolean(value)
}

function lookUp(name: string, place: string, constants: ShaderConstants): Value {
  if (!Object.hasOwn(constants, name)) {
    throw new Error(`${place}: no value for ${name}; given: ${Object.keys(constants).join(', ') || 'none'}`)
  }
  return constants[name]
}

/** Compiles; a message of the compiler becomes an error that names the place in the shader file. */
export async function compileShader(device: GPUDevice, shader: Shader): Promise<GPUShaderModule> {
  device.pushErrorScope('validation')
  const module = device.createShaderModule({ label: shader.stem, code: shader.code })
  const info = await module.getCompilationInfo()
  await device.popErrorScope()
  const errors = info.messages.filter((message) => message.type === 'error')
  if (errors.length === 0) return module
  const lines = errors.map((m) => `${shader.places[m.lineNum - 1] ?? shader.stem}:${m.linePos}: ${m.message}`)
  throw new Error(lines.join('\n'))
}
