/**
 * Which group is being estimated, drawn over itself on a terminal's stderr; elsewhere a line every ten seconds at most.
 * The pace is that of the groups done, weighed by their numbers of samples squared, times their widths.
 */
import { clock } from '../report/numbers.js'
import type { ProgressOptions, Terminal } from '../report/progress.js'

const redrawMs = 500
const plainMs = 10_000

export class GroupProgress {
  readonly #costs: readonly number[]
  readonly #stream: Terminal
  readonly #now: () => number
  readonly #live: boolean
  readonly #started: number
  #begun: number
  #lastLine: number
  #timer: NodeJS.Timeout | null = null

  /** @param costs of each group, in any unit */
  constructor(costs: readonly number[], options: ProgressOptions = {}) {
    const { stream = process.stderr, environment = process.env, now = () => performance.now() } = options
    this.#costs = costs
    this.#stream = stream
    this.#now = now
    this.#live = stream.isTTY === true && environment.TERM !== 'dumb'
    this.#started = now()
    this.#begun = this.#started
    this.#lastLine = this.#started
  }

  /** Group `at`, from 0, is what goes on from now; its name is safe for a terminal. */
  begin(at: number, name: string): void {
    this.stop()
    this.#begun = this.#now()
    if (this.#live) {
      this.#draw(at, name)
      this.#timer = setInterval(() => this.#draw(at, name), redrawMs).unref()
    } else if (this.#now() - this.#lastLine >= plainMs) {
      this.#lastLine = this.#now()
      this.#stream.write(`${this.#describe(at, name)}\n`)
    }
  }

  /** Nothing is drawn any more, and the line is clear. */
  stop(): void {
    if (this.#timer === null) return
    clearInterval(this.#timer)
    this.#timer = null
    this.#stream.write('\r\x1b[2K')
  }

  #draw(at: number, name: string): void {
    const width = Math.max(1, (this.#stream.columns ?? 80) - 1)
    this.#stream.write(`\r\x1b[2K${this.#describe(at, name).slice(0, width)}`)
  }

  #describe(at: number, name: string): string {
    const group = name === '' ? '' : ` (${name})`
    const elapsed = clock((this.#now() - this.#started) / 1000)
    return `estimating group ${at + 1} of ${this.#costs.length}${group}  ${elapsed}${this.#left(at)}`
  }

  #left(at: number): string {
    const before = this.#begun - this.#started
    if (at === 0 || before < 1000) return ''
    const pace = before / sum(this.#costs.slice(0, at))
    const rest = pace * sum(this.#costs.slice(at)) - (this.#now() - this.#begun)
    return `, about ${clock(rest / 1000)} left`
  }
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
