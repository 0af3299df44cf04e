import type { DataSet } from '../data/dataset.js'
import type { Config } from './config.js'

/** An experiment is data: what it trains, on what, and how it is looked at. */
export interface ExperimentDefinition {
  /** As on the command line. */
  name: string
  /** One line, for the picture and the help. */
  title: string
  /** What a person learns from it, and what it takes: two or three sentences for the help. */
  shows: string
  data(): DataSet
  /** Every value of a run; 'auto' is picked at the start, to fit the adapter. */
  defaults: Config
  /** What --full makes of 'auto'. */
  full: { epochs: number; measurements: number }
}
