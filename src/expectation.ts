/** How long a run has taken, phase by phase, and how much of the expected work is done by now. */

/** Wall-clock seconds, exclusive. */
export interface Phases {
  preparing: number
  training: number
  evaluating: number
  measuring: number
  clustering: number
  writing: number
}

/** When a phase was on, in milliseconds of performance.now(); spans follow one another. */
export interface Span {
  phase: keyof Phases
  start: number
  end: number
}

export class Clock {
  readonly phases: Phases
  /** Of this process. */
  readonly spans: Span[] = []

  /** @param phases what an earlier part of the run has taken */
  constructor(phases: Phases = { preparing: 0, training: 0, evaluating: 0, measuring: 0, clustering: 0, writing: 0 }) {
    this.phases = { ...phases }
  }

  async time<T>(phase: keyof Phases, work: () => T | Promise<T>): Promise<T> {
    const start = performance.now()
    try {
      return await work()
    } finally {
      const end = performance.now()
      this.phases[phase] += (end - start) / 1000
      this.spans.push({ phase, start, end })
    }
  }
}

/** All that there is to do; networks train in groups, and each is measured so many times. */
export interface Work {
  networks: number
  groups: number
  epochs: number
  measurements: number
}

/** Expects of the epochs and measurements to come what those before them have taken. */
export class Expectation {
  /** Of single networks. */
  measurements = 0
  /** Epochs of the groups that are through, and networks among them that got to the end. */
  #epochs = 0
  #trained = 0
  readonly #work: Work
  readonly #phases: Phases

  constructor(work: Work, phases: Phases) {
    this.#work = work
    this.#phases = phases
  }

  get complete(): boolean {
    const { networks, measurements } = this.#work
    return this.#trained === networks && this.measurements === networks * measurements
  }

  /** A group of networks is through, or was left at this epoch. */
  trained(epoch: number, networks: number): void {
    this.#epochs += epoch
    if (epoch === this.#work.epochs) this.#trained += networks
  }

  /** Part of the work that is done when the group that trains now is at this epoch, 0..1. */
  fraction(epoch: number): number {
    const { networks, groups, epochs, measurements } = this.#work
    const trained = this.#epochs + epoch
    const epochSeconds = trained > 0 ? (this.#phases.training + this.#phases.evaluating) / trained : 0.03
    const measurementSeconds = this.measurements > 0 ? this.#phases.measuring / this.measurements : 3
    const done = trained * epochSeconds + this.measurements * measurementSeconds
    const all = groups * epochs * epochSeconds + networks * measurements * measurementSeconds
    return all > 0 ? Math.min(1, done / all) : 1
  }
}
