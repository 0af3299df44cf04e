// `npm start`: set-up, then the main job in a process of its own, with the same terminal and the same exit code.
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { join } from 'node:path'
import { root, setUp } from './setup.mjs'

setUp()

const command = [join(root, 'dist/cli.js'), 'run', 'szt', ...process.argv.slice(2)]
const child = spawn(process.execPath, command, { cwd: root, stdio: 'inherit' })

// Ctrl-C reaches the child by itself, as it shares the terminal: it says what was kept, and we wait for it.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => child.kill('SIGTERM'))

child.on('error', (error) => {
  process.stderr.write(`infoflow: ${process.execPath} did not start: ${error.message}\n`)
  process.exit(2)
})
child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]))
