// The loader of shaders: which lines stay, what goes into them, and that every message names the file's own line.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { openNullDevice } from '../../src/gpu/device.js'
import { compileShader, loadShader, shaderHashes, shaderStems, specialiseText } from '../../src/gpu/shader.js'
import type { ShaderConstants } from '../../src/gpu/shader.js'

const open = await openNullDevice()
test.after(() => open.destroy())

/** The lines that are left, without the empty ones. */
function linesOf(text: string, constants: ShaderConstants = {}): string[] {
  return specialiseText('x.wgsl', text, constants)
    .code.split('\n')
    .filter((line) => line.trim() !== '')
}

function lines(...all: string[]): string {
  return all.join('\n')
}

function throwsLine(run: () => unknown, ...parts: string[]): void {
  assert.throws(run, (error: Error) => parts.every((part) => error.message.includes(part)) && !/\n/.test(error.message))
}

test('of the branches the first that holds stays', () => {
  const text = lines('#if A', 'a', '#elif B', 'b', '#else', 'neither', '#endif', 'always')
  assert.equal(linesOf(text, { A: true, B: true }), ['a', 'always'])
  assert.equal(linesOf(text, { A: false, B: true }), ['b', 'always'])
  assert.equal(linesOf(text, { A: false, B: false }), ['neither', 'always'])
})

test('branches inside branches', () => {
  const text = lines('#if A', '  #if B', 'both', '  #else', 'a alone', '  #endif', '#endif', 'end')
  assert.equal(linesOf(text, { A: true, B: true }), ['both', 'end'])
  assert.equal(linesOf(text, { A: true, B: false }), ['a alone', 'end'])
  assert.equal(linesOf(text, { A: false, B: true }), ['end'])
})

test('an expression is a name, its opposite, or a name and a literal', () => {
  assert.equal(linesOf(lines('#if !A', 'x', '#endif'), { A: false }), ['x'])
  assert.equal(linesOf(lines('#if !A', 'x', '#endif'), { A: true }), [])
  assert.equal(linesOf(lines('#if N', 'x', '#endif'), { N: 0 }), [])
  for (const equals of ['#if F == tanh', '#if F==tanh']) {
    assert.equal(linesOf(lines(equals, 'x', '#endif'), { F: 'tanh' }), ['x'])
    assert.equal(linesOf(lines(equals, 'x', '#endif'), { F: 'relu' }), [])
  }
  assert.equal(linesOf(lines('#if N == 3', 'x', '#endif'), { N: 3 }), ['x'])
})

test('anything else is no expression: nothing is ever evaluated as code', () => {
  for (const expression of ['A && B', 'A > 1', '!A == b', 'f(A)', '', 'A == "x"']) {
    const text = lines('first', `#if ${expression}`, '#endif')
    throwsLine(() => linesOf(text, { A: 1, B: 1 }), 'x.wgsl:2: expected NAME, !NAME or NAME == literal')
  }
})

test('values go in by name, as they are', () => {
  const constants = { WIDTH: 64, NAME: 'tanh', FLAG: true, SMALL: 0.5 }
  const text = 'const width = ${WIDTH}u; // ${NAME} ${FLAG} ${SMALL}${WIDTH}'
  assert.equal(linesOf(text, constants), ['const width = 64u; // tanh true 0.564'])
})

test('a name without a value is an error that says where and what was given', () => {
  const given = { A: 1, BB: 2 }
  throwsLine(() => linesOf(lines('', '', 'const x = ${B};'), given), 'x.wgsl:3: no value for B', 'given: A, BB')
  throwsLine(() => linesOf(lines('#if B', '#endif'), given), 'x.wgsl:1: no value for B')
  throwsLine(() => linesOf(lines('#repeat K B', '#endrepeat'), {}), 'x.wgsl:1: no value for B', 'given: none')
  throwsLine(() => linesOf('${toString}', {}), 'no value for toString')
})

test('a directive in the middle of a line is an error, also in a comment', () => {
  throwsLine(() => linesOf(lines('a', 'let x = 1; // #if A'), { A: 1 }), 'x.wgsl:2: a directive must begin its line')
})

test('repeated lines count from 0', () => {
  const text = lines('#repeat K N', 'let a${K} = ${K}u * ${N}u;', '#endrepeat', 'end')
  assert.equal(linesOf(text, { N: 2 }), ['let a0 = 0u * 2u;', 'let a1 = 1u * 2u;', 'end'])
  assert.equal(linesOf(text, { N: 0 }), ['end'])
})

test('repeated downwards, the last comes first', () => {
  const text = lines('#repeat K N down', 'a${K}', '#endrepeat', 'end')
  assert.equal(linesOf(text, { N: 3 }), ['a2', 'a1', 'a0', 'end'])
  assert.equal(linesOf(text, { N: 0 }), ['end'])
})

test('a name may be put together from the number of the repeat', () => {
  const text = lines('#repeat L LAYERS', '#repeat I IN_${L}', '${NAME_${L}}${I}', '#endrepeat', '#endrepeat')
  assert.equal(linesOf(text, { LAYERS: 2, IN_0: 1, IN_1: 2, NAME_0: 'a', NAME_1: 'b' }), ['a0', 'b0', 'b1'])
})

test('repeats inside repeats, and branches inside them', () => {
  const text = lines('#repeat I N', '#repeat J M', 'a${I}${J}', '#endrepeat', '#if A', 'b${I}', '#endif', '#endrepeat')
  assert.equal(linesOf(text, { N: 2, M: 2, A: true }), ['a00', 'a01', 'b0', 'a10', 'a11', 'b1'])
  assert.equal(linesOf(text, { N: 2, M: 1, A: false }), ['a00', 'a10'])
})

test('a let stands for its text from there on, also inside names', () => {
  const text = lines('#repeat K N', '#let L ${K}', '#let SUM a.b + 1', '${NAME_${L}} ${SUM}', '#endrepeat')
  assert.equal(linesOf(text, { N: 2, NAME_0: 'x', NAME_1: 'y' }), ['x a.b + 1', 'y a.b + 1'])
  assert.equal(linesOf(lines('#let A x', '${A}', '#let A y', '${A}')), ['x', 'y'])
  assert.equal(linesOf(lines('#let F tanh', '#if F == tanh', 'x', '#endif')), ['x'])
  for (const wrong of ['#let', '#let A', '#let A.b c']) {
    throwsLine(() => linesOf(lines('a', wrong)), 'x.wgsl:2: expected #let NAME text')
  }
})

test('a repeat whose number the shader alone knows is a loop there', () => {
  const text = lines('#let N params.n', '#repeat K N', '#repeat J M', 'a[${K}] += ${J};', '#endrepeat', '#endrepeat')
  const loop = ['for (var K = 0u; K < params.n; K++) {', 'a[K] += 0;', 'a[K] += 1;', '}']
  assert.equal(linesOf(text, { M: 2 }), loop)
})

test('a repeat that does not end, or was never begun', () => {
  throwsLine(() => linesOf(lines('a', '#repeat K N', 'b'), { N: 1 }), 'x.wgsl:2: expected #repeat K NAME')
  throwsLine(() => linesOf(lines('#repeat K', '#endrepeat'), { N: 1 }), 'x.wgsl:1: expected #repeat K NAME')
  throwsLine(() => linesOf(lines('a', '#endrepeat'), { N: 1 }), 'x.wgsl:2: #endrepeat without #repeat')
})

test('a branch that does not end is an error', () => {
  assert.throws(() => linesOf(lines('#if A', 'b'), { A: true }))
  assert.throws(() => linesOf(lines('b', '#endif'), { A: true }))
})

test('included texts come from shaders/shared/, and keep their own places', () => {
  const { code, places } = loadShader('noise', { SOURCE: true, WORKGROUP: 64 })
  const at = code.split('\n').findIndex((line) => line.startsWith('fn philox('))
  assert.match(places[at], /^shaders\/shared\/philox\.wgsl:\d+$/)
  const main = code.split('\n').findIndex((line) => line.startsWith('fn main('))
  assert.match(places[main], /^shaders\/noise\.wgsl:\d+$/)
  assert.is(places.length, code.split('\n').length - 1)
})

test('the compiler names the own line of the file, behind dropped and repeated lines', async () => {
  const text = lines(
    '#if A',
    'const dropped = 1;',
    'const dropped_too = 2;',
    '#else',
    'const kept = 3;',
    '#endif',
    '#repeat K N',
    'const c${K} = ${K};',
    '#endrepeat',
    '',
    'const wrong: u32 = missing;',
  )
  const error = await compileShader(open.device, specialiseText('bad.wgsl', text, { A: false, N: 5 })).catch((e) => e)
  assert.instance(error, Error)
  assert.match(error.message, /^bad\.wgsl:11:20: .*missing/)
})

test('an error inside a repeat names the line that was repeated', async () => {
  const text = lines('#repeat K N', 'const fine${K} = 1;', 'const wrong${K}: u32 = missing${K};', '#endrepeat')
  const error = await compileShader(open.device, specialiseText('bad.wgsl', text, { N: 3 })).catch((e) => e)
  assert.match(error.message, /^bad\.wgsl:3:\d+: .*missing0/)
})

test('a sound text compiles', async () => {
  const module = await compileShader(open.device, specialiseText('good.wgsl', 'const x = ${X}u;', { X: 1 }))
  assert.equal((await module.getCompilationInfo()).messages.length, 0)
})

test('every file under shaders/ is hashed, and every one at its top is a kernel', () => {
  const hashes = shaderHashes()
  assert.ok(shaderStems().includes('noise') && !shaderStems().includes('philox'))
  assert.ok(shaderStems().every((stem) => `${stem}.wgsl` in hashes) && 'shared/philox.wgsl' in hashes)
  assert.ok(Object.values(hashes).every((hash) => /^[0-9a-f]{64}$/.test(hash)))
})

test.run()
