/** One validation from its first line to its last: rows go to stdout as they come, what failed to stderr. */
import { openDevice } from '../gpu/device.js'
import { shaderStems } from '../gpu/shader.js'
import { bisected } from '../machine/bisect.js'
import { GpuMachine } from '../machine/gpu.js'
import { counted } from '../report/numbers.js'
import { allCases, coverageCases, quickCases } from '../validation/cases.js'
import { caseLine, casesHead, conclusion, coverageHead, coverageLine } from '../validation/text.js'
import { validate, type ValidationObserver, type ValidationPlan } from '../validation/validate.js'

export interface ValidationAsked {
  quick: boolean
  repetitions: number
  json: boolean
  adapter?: string
}

/** Whether all checks held. Throws InputError: no adapter, none of that name. */
export async function performValidation({ quick, repetitions, json, adapter }: ValidationAsked): Promise<boolean> {
  const open = await openDevice({ name: adapter })
  try {
    const start = performance.now()
    if (!json) print(`${open.adapter.describe()}\n\n${casesHead()}`)
    const plan = { cases: quick ? quickCases : allCases, repeated: coverageCases, repetitions }
    const machine = bisected(new GpuMachine(open), shaderStems())
    const found = await validate(machine, plan, json ? {} : printing(plan))
    const seconds = (performance.now() - start) / 1000
    const { name, kind } = open.adapter
    if (json) print(JSON.stringify({ adapter: name, kind, unit: 'nats', ...found, seconds }, null, 2))
    else print(conclusion([...found.cases, ...found.coverage], seconds))
    if (found.failures.length > 0) process.stderr.write(`infoflow: ${failed(found.failures)}\n`)
    return found.failures.length === 0
  } finally {
    open.destroy()
  }
}

function printing({ cases, repetitions }: ValidationPlan): ValidationObserver {
  let left = cases.length
  return {
    judged: (result) => {
      print(caseLine(result))
      if (--left === 0 && repetitions > 0) print(coverageHead(repetitions))
    },
    covered: (result) => print(coverageLine(result)),
  }
}

function failed(failures: readonly string[]): string {
  return `validate: ${counted(failures.length, 'check')} failed: ${failures.join('; ')}`
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
