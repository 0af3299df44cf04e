// `npm run check`: what can be said about the code in seconds, without running it: types, lint, layout, shaders
// against the null backend, and the rules of the house. Exit code: 0 all fine, 1 something is not.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { root, setUp } from './setup.mjs'

setUp({ compile: false })

const checks = [
  { name: 'lint', args: [tool('eslint/bin/eslint.js'), '.'] },
  { name: 'types', args: [tool('typescript/bin/tsc'), '-p', 'tsconfig.json'] },
  {
    name: 'format',
    args: [tool('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', '.'],
    cure: 'npm run format',
  },
  { name: 'shaders', args: ['--import', 'tsx', 'scripts/check-shaders.ts'], needs: 'scripts/check-shaders.ts' },
  { name: 'house', args: ['--import', 'tsx', 'test/house.test.ts'] },
].filter(({ needs }) => !needs || existsSync(join(root, needs)))

let next = 0
let failed = 0
await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, worker))
process.stdout.write(failed === 0 ? 'all checks passed\n' : `${failed} of ${checks.length} checks failed\n`)
process.exitCode = failed === 0 ? 0 : 1

async function worker() {
  while (next < checks.length) await run(checks[next++])
}

async function run({ name, args, cure }) {
  const start = performance.now()
  const { code, output } = await execute(args)
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  process.stdout.write(`${code === 0 ? 'ok  ' : 'FAIL'}  ${name}  ${seconds} s\n`)
  if (code === 0) return
  failed++
  process.stdout.write(`${output.trimEnd()}\n${cure ? `to mend it: ${cure}\n` : ''}`)
}

function execute(args) {
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  const chunks = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => chunks.push(chunk))
  return new Promise((done, reject) => {
    child.on('error', reject)
    child.on('close', (code) => done({ code, output: Buffer.concat(chunks).toString() }))
  })
}

function tool(path) {
  return join(root, 'node_modules', path)
}
