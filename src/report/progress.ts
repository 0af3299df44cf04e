/**
 * What a person sees while a run goes on. On a terminal: one permanent line per measurement, so that the curves grow
 * before the eyes, and below them a status line that is drawn over itself. Elsewhere plain lines only: one per
 * measurement, and one when nothing was said for ten seconds. Everything goes to stderr; stdout stays for results.
 * Networks that train together share their lines: medians over their seeds.
 * No timer is kept, so that nothing here holds a process open: the status moves when the run reports.
 */
import { median } from '../math/statistics.js'
import type { InformationRow, TrainingRow } from '../tables/rows.js'
import { groupedBy } from './grouped.js'
import { clock, fixed, ranges, visible } from './numbers.js'

/** The part of a tty.WriteStream that is used. */
export interface Terminal {
  write(text: string): unknown
  isTTY?: boolean
  columns?: number
}

export interface ProgressOptions {
  stream?: Terminal
  environment?: Record<string, string | undefined>
  /** Milliseconds, monotonic. */
  now?: () => number
}

const redrawMs = 100
const plainMs = 10_000

export class Progress {
  readonly #stream: Terminal
  readonly #now: () => number
  readonly #live: boolean
  readonly #colour: boolean
  readonly #started: number
  #first: { fraction: number; at: number } | null = null
  #evaluated: { epoch: number; loss: number | null } | null = null
  #status = ''
  #lastDrawn = -Infinity
  #lastLine: number
  #layers = ''
  #seeds = ''
  #stopped = false

  /** Live drawing needs a terminal that is not TERM=dumb; NO_COLOR turns colours off. */
  constructor(options: ProgressOptions = {}) {
    const { stream = process.stderr, environment = process.env, now = () => performance.now() } = options
    this.#stream = stream
    this.#now = now
    this.#live = stream.isTTY === true && environment.TERM !== 'dumb'
    this.#colour = this.#live && !environment.NO_COLOR
    this.#started = now()
    this.#lastLine = this.#started
  }

  /** Remembers the losses of one epoch, a row for each seed, for the lines to come; prints nothing by itself. */
  evaluated(rows: TrainingRow[]): void {
    if (rows.length > 0) this.#evaluated = { epoch: rows[0].epoch, loss: medianOf(rows.map((row) => row.train_loss)) }
  }

  /**
   * One permanent line for the rows of one epoch: loss and I(X;T_l) in nats per layer, '-' where there is none; of
   * several seeds their medians. Headings come before the first line, and where layers or seeds change.
   */
  measured(rows: InformationRow[]): void {
    if (rows.length === 0) return
    const byLayer = [...groupedBy(rows, (row) => row.layer)].sort(([a], [b]) => a - b)
    this.#headings(byLayer.map(([layer]) => `I(X;T_${layer})`.padStart(10)).join(''), [
      ...groupedBy(rows, (row) => row.seed).keys(),
    ])
    const { epoch } = rows[0]
    const loss = this.#evaluated?.epoch === epoch ? this.#evaluated.loss : null
    const values = byLayer.map(([, own]) => fixed(medianOf(own.map((row) => row.mi_corrected)), 3).padStart(10))
    this.#permanent(`${String(epoch).padStart(8)} ${fixed(loss).padStart(10)}${values.join('')}`)
  }

  /** Part of the expected work done (0..1), the epoch (null where nothing is trained), and what goes on now. */
  progress(fraction: number, epoch: number | null, doing: string): void {
    if (this.#stopped) return
    const now = this.#now()
    this.#first ??= { fraction, at: now }
    this.#status = this.#describe(Math.min(1, Math.max(0, fraction)), epoch, doing, now)
    if (this.#live && now - this.#lastDrawn >= redrawMs) this.#draw(now)
    if (!this.#live && now - this.#lastLine >= plainMs) this.#permanent(this.#status)
  }

  /** A permanent line above the status; control characters in it are escaped. */
  log(line: string): void {
    this.#permanent(line.split('\n').map(visible).join('\n'))
  }

  /** Removes the status line; nothing is drawn afterwards, but permanent lines may still come. */
  stop(): void {
    if (this.#live && this.#status !== '') this.#stream.write('\r\x1b[2K')
    this.#status = ''
    this.#stopped = true
  }

  /** The status line comes back: another run begins, with a pace of its own. */
  resume(): void {
    this.#stopped = false
    this.#first = null
    this.#evaluated = null
  }

  #headings(layers: string, seeds: number[]): void {
    const text = ranges(seeds)
    if (layers === this.#layers && text === this.#seeds) return
    const medians = `medians of ${seeds.length} seeds${text.length < 50 ? `: ${text}` : ''}`
    if (seeds.length > 1) this.#permanent(this.#dim(medians))
    else if (this.#seeds !== '' && text !== this.#seeds) this.#permanent(this.#dim(`seed ${text}`))
    this.#permanent(this.#dim(`   epoch train loss${layers}  [nats]`))
    this.#layers = layers
    this.#seeds = text
  }

  #permanent(line: string): void {
    this.#lastLine = this.#now()
    if (!this.#live) return void this.#stream.write(`${line}\n`)
    this.#stream.write(`\r\x1b[2K${line}\n`)
    if (this.#status !== '') this.#draw(this.#lastLine)
  }

  #draw(now: number): void {
    this.#lastDrawn = now
    this.#stream.write(`\r\x1b[2K${this.#status.slice(0, Math.max(1, (this.#stream.columns ?? 80) - 1))}`)
  }

  #describe(fraction: number, epoch: number | null, doing: string, now: number): string {
    const share = `${Math.floor(100 * fraction)} %`.padStart(5)
    const loss = this.#evaluated === null ? '' : `  loss ${fixed(this.#evaluated.loss, 3)}`
    const elapsed = clock((now - this.#started) / 1000)
    const bar = this.#live ? `${drawnBar(fraction)} ` : ''
    const place = epoch === null ? '' : `  epoch ${epoch}`
    return `${bar}${share}${place}${loss}  ${visible(doing)}  ${elapsed}${this.#left(fraction, now)}`
  }

  /** Time left, from the pace since the first report: a resumed run does not begin at 0. */
  #left(fraction: number, now: number): string {
    const { fraction: from, at } = this.#first!
    if (fraction - from < 0.01 || now - at < 1000) return ''
    return `, ${clock((((now - at) / 1000) * (1 - fraction)) / (fraction - from))} left`
  }

  #dim(text: string): string {
    return this.#colour ? `\x1b[2m${text}\x1b[22m` : text
  }
}

/** Of the values there are; null without any. */
function medianOf(values: (number | null)[]): number | null {
  const found = values.filter((value) => value !== null && Number.isFinite(value)) as number[]
  return found.length > 0 ? median(found) : null
}

function drawnBar(fraction: number, width = 20): string {
  const filled = Math.round(fraction * width)
  return '█'.repeat(filled) + '░'.repeat(width - filled)
}
