import type { DataSet } from '../data/dataset.js'
import type { NetworkSpec } from '../network/network.js'
import type { Machine } from '../plan.js'
import type { Experiment, Look } from '../scheduler.js'
import type { InformationRow, Recorder, TrainingRow } from '../tables/rows.js'
import type { TableMetadata } from '../tables/schema.js'
import type { WeightsAt } from '../training/networks.js'
import type { Config } from './config.js'

/** An experiment is data: what it trains, on what, and how it is looked at. */
export interface ExperimentDefinition {
  /** As on the command line. */
  name: string
  /** One line, for the picture and the help. */
  title: string
  /** What a person learns from it, and what it takes: two or three sentences for the help. */
  shows: string
  /** `announce` is told, in a line, what takes its time before the run begins. */
  data(config: Config, announce?: (line: string) => void): DataSet | Promise<DataSet>
  /** By name, what a variant changes of the defaults: `--variant NAME`. */
  variants?: Readonly<Record<string, Variant>>
  /** Every value of a run; 'auto' is picked at the start, to fit the adapter. */
  defaults: Config
  /** What a quick run makes of 'auto', where the adapter does not decide. */
  quick?: Partial<Length>
  /** What --full makes of 'auto'. */
  full: Length
  /**
   * For an experiment that looks at more than I(X;T) through training; made anew for each run, before it begins.
   * @throws InputError: a configuration that the experiment is not about
   */
  companion?(config: Config, data: DataSet): Promise<Companion>
  /** For an experiment that trains the same seeds under several conditions, each in a folder of its own, instead of `companion`. */
  panel?(config: Config, data: DataSet): Promise<Panel>
  /** Instead of a training. */
  weights?: GivenWeights
}

/** Weights that were trained elsewhere, or before. */
export interface GivenWeights {
  /** Reads and checks them all. @throws InputError: what does not fit the network */
  of(network: NetworkSpec): WeightsAt
  /** Whether the files name their seeds, by which a run divides rows into training and test set. */
  seeded: boolean
  /** noise.std of that training, as far as the configuration says. */
  trainedNoise: number
  /** For run.json. */
  files: { path: string; seed: number; epoch: number; sha256: string }[]
  /** What names them, and the noise, on a command line. */
  words: string[]
}

/** A condition: an ordinary run, in the folder of this name inside the experiment's. */
export interface Condition {
  /** A folder's name: small letters, digits, dots and dashes. */
  name: string
  title: string
  config: Config
}

/** Sees every condition's run, one after the other, and has tables, pictures and words on all of them. */
export interface Panel {
  /** In the order in which they run; epochs, seeds and sampling are the same for all. */
  conditions: Condition[]
  /** Begins tables of its own in the folder, or goes on with those that are there, where there are; before the first run. */
  begin(folder: string, metadata: TableMetadata, resumed?: boolean): void
  /** What it would know of the run of that condition, which came to its end before; from the tables in its folder. */
  known(condition: string, folder: string): void
  /** Goes along with the run of that condition. */
  companion(condition: string): Companion
  /** After the run of that condition, or after it was interrupted (not `whole`); what it came to, in a line. */
  ended(condition: string, rows: RunRows, whole: boolean): string
  /** Finishes the tables; returns their paths. `whole`: all conditions are through, and none is gone on with. */
  finish(whole: boolean): string[]
  draw(folder: string, heading: Heading): Promise<string[]>
  words(): string
}

/** What a run has measured. */
export interface RunRows {
  training: TrainingRow[]
  information: InformationRow[]
}

export interface Length {
  epochs: number
  measurements: number
  entropies?: EntropySizes
  seeds?: number[]
  /** Keys of the configuration that may be absent, for those that are. */
  absent?: object
}

/** How many estimates of h(T) an experiment makes, and from how many samples (configuration, `entropies`). */
export interface EntropySizes {
  samples: number[]
  repetitions: number
  referenceSamples: number
}

export interface Variant {
  /** What is different, for the picture and the help. */
  title: string
  /** Keys of the configuration; groups merge with the defaults key by key. */
  changes: object
}

/** Goes along with one run: sees the network at each measurement and at the end, and has pictures and words of its own. */
export interface Companion {
  /** What it takes beside the expected time, for the head of the run. */
  beside?: string
  /** After the rows of each measurement. */
  looked?(look: Look, recorder: Recorder): Promise<void>
  /** After the last epoch, not after an interruption. False when the signal ended it before its own end. */
  finished?(run: FinishedRun): Promise<boolean>
  /** Draws what was seen so far into the folder; returns the paths. */
  draw(folder: string, heading: Heading): Promise<string[]>
  /** What the run showed, from its measured values; '' when it saw too little. */
  words(): string
  /** All that it has seen, as plain JSON, for a checkpoint; absent where it remembers nothing. */
  state?(): unknown
  /** Goes back to what it had seen then, to nothing without a state, whatever it has seen since. */
  restore?(state?: unknown): void
}

export interface Heading {
  title: string
  /** Length, seed and noise of the run. */
  subtitle: string
}

/** A run whose training is over. */
export interface FinishedRun {
  /** Its buffers are the trainer's (training/trainer.ts, `shared`); they may be released. */
  machine: Machine
  experiment: Experiment
  recorder: Recorder
  /** Set when the person wants no more. */
  signal: AbortSignal
  /** A line on the terminal. */
  log(line: string): void
  /** What the companion has seen is worth a checkpoint; called with all of it recorded. */
  keep(): void
}
