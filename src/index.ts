/**
 * The library, by what it is for. Information is in nats everywhere. InputError says what a caller got wrong, in one
 * line; any other exception is a fault of infoflow.
 */
import { activationBackward } from './kernels/activation-backward.js'
import { activationForward } from './kernels/activation-forward.js'
import { adam } from './kernels/adam.js'
import { beginStep } from './kernels/begin-step.js'
import { conv2dBackwardInput } from './kernels/conv2d-backward-input.js'
import { conv2dBackwardWeights } from './kernels/conv2d-backward-weights.js'
import { conv2dForward } from './kernels/conv2d-forward.js'
import { crossEntropyBackward } from './kernels/cross-entropy-backward.js'
import { crossEntropyForward } from './kernels/cross-entropy-forward.js'
import { denseBackwardInput } from './kernels/dense-backward-input.js'
import { denseBackwardWeights } from './kernels/dense-backward-weights.js'
import { denseForward } from './kernels/dense-forward.js'
import { dropout } from './kernels/dropout.js'
import { gatherRows } from './kernels/gather-rows.js'
import { gram } from './kernels/gram.js'
import { meanSquaredErrorBackward } from './kernels/mean-squared-error-backward.js'
import { meanSquaredErrorForward } from './kernels/mean-squared-error-forward.js'
import { momentSums } from './kernels/moment-sums.js'
import { noise } from './kernels/noise.js'
import { orthonormal } from './kernels/orthonormal.js'
import { ownSums } from './kernels/own-sums.js'
import { poolBackward } from './kernels/pool-backward.js'
import { poolForward } from './kernels/pool-forward.js'
import { sgd } from './kernels/sgd.js'
import { takeReplicas } from './kernels/take-replicas.js'
import { tileSums } from './kernels/tile-sums.js'
import { trainSteps } from './kernels/train-steps.js'
import { weightNormBackward } from './kernels/weight-norm-backward.js'
import { weightNormForward } from './kernels/weight-norm-forward.js'

// train a network of your own and measure it, from typed arrays to rows
export { InputError } from './errors.js'
export { trainAndMeasure } from './experiments/train-and-measure.js'
export type { RunRows, TypedArrayExperiment } from './experiments/train-and-measure.js'
export { openMachine } from './machine/open.js'
export type { MachineOptions } from './machine/open.js'

// the same with every choice in your hands: the scheduler, what it is given, where its rows go
export { calibrate } from './calibration.js'
export type { Calibration, CalibrationDraft } from './calibration.js'
export type { DataSet } from './data/dataset.js'
export { icosahedron } from './data/icosahedron.js'
export { mnist } from './data/mnist.js'
export { shuffledLabels } from './data/shuffled-labels.js'
export { spiral } from './data/spiral.js'
export { split } from './data/split.js'
export { logSpacedEpochs } from './experiments/epochs.js'
export { Measurer } from './information/measurer.js'
export type { MeasuredNetwork } from './information/measurer.js'
export type { MeasurementOptions } from './information/options.js'
export { layerTable } from './network/network.js'
export type { Activation, Layer, LayerSpec, NetworkSpec, Shape } from './network/network.js'
export { initialParameters, parameterLayout, stateDict } from './network/parameters.js'
export { runExperiment } from './scheduler.js'
export type { Experiment, Keeper, Look, Moment, Monitored, Observer } from './scheduler.js'
export type { Phases } from './expectation.js'
export type { TrainingOptions } from './training/options.js'
export { Trainer } from './training/trainer.js'
export type { Evaluation } from './training/networks.js'
export type { TrainingSetup } from './training/setup.js'

// how the classes lie in a layer, noise off
export { clusteringRows } from './clustering/clustering.js'
export type { ClusteringOptions, ClusteringTables } from './clustering/clustering.js'
export type { LayerLook } from './clustering/look.js'

// samples of a layer from any program: one record, with bias removed, intervals and bounds
export type { EstimateOptions, InformationAnswer } from './information/answer.js'
export { entropy, estimateInformation } from './information/estimate.js'
export { readSamples } from './samples/read.js'
export type { SampleColumns, SampleGroup } from './samples/read.js'
export type { Samples } from './samples/samples.js'

// from sums of Gaussian kernels to estimates with bias, error and interval
export { jackknife } from './information/jackknife.js'
export type { Estimate, Estimates, KernelSums } from './information/jackknife.js'

// tables and pictures
export { pairedTInterval, tInterval, welchTInterval } from './math/intervals.js'
export type { Interval } from './math/intervals.js'
export { fisherInterval, rankCorrelation } from './math/rank-correlation.js'
export type { CorrelationInterval, SeriesCorrelation } from './math/rank-correlation.js'
export { seedSummaries } from './report/seed-summary.js'
export type { SeedSummary } from './report/seed-summary.js'
export { compression, turningPoints } from './report/turning-points.js'
export type { Compression, EstimatedRow, TurningPoint } from './report/turning-points.js'
export { closingTable } from './report/closing-table.js'
export type { ClosingInput } from './report/closing-table.js'
export { writeCurves } from './report/curves.js'
export type { CurvesInput } from './report/curves-specification.js'
export { claimsOf } from './comparison/claims.js'
export type { Claim, Verdict } from './comparison/claims.js'
export { compareConditions } from './comparison/compare.js'
export { conditionsOf } from './comparison/condition.js'
export type { Condition } from './comparison/condition.js'
export { readRuns } from './comparison/run.js'
export type { Run } from './comparison/run.js'
export type { ComparisonRow } from './tables/comparison.js'
export { inspectTable, readBatches, readRows } from './tables/read.js'
export { RunRecorder } from './tables/recorder.js'
export type {
  ActivationRows,
  BinnedEntropyRow,
  ClusteringRow,
  EntropyRow,
  HistogramRow,
  InformationRow,
  NoiseLevelRow,
  Quantity,
  Recorder,
  RivalRow,
  Tensor,
  TrainingRow,
} from './tables/rows.js'
export { readRunRecord, takeRunFolder, writeRunRecord } from './tables/run-folder.js'
export type { RunFolderOptions, RunRecord, RunStatus } from './tables/run-folder.js'
export { readSafetensors, writeSafetensors } from './tables/safetensors.js'
export type { TableMetadata } from './tables/schema.js'
export { finishTable } from './tables/stream.js'

// kernels, one by one: a plan is a list of dispatches, and runs on a GPU as on the f64 references
export { listAdapters } from './gpu/adapter.js'
export type { FoundAdapter } from './gpu/adapter.js'
export { openDevice } from './gpu/device.js'
export type { DeviceOptions, OpenDevice } from './gpu/device.js'
export type { Constants, Kernel, Numbers, Work } from './kernels/kernel.js'
export { packSteps } from './kernels/step.js'
export type { Step } from './kernels/step.js'
export { GpuMachine } from './machine/gpu.js'
export { ReferenceMachine } from './machine/reference.js'
export { dispatch } from './plan.js'
export type { BufferSpec, Command, Machine, Plan } from './plan.js'

/** Every kernel; shaders/README.md lists what each computes, the head of its .wgsl the shapes of its buffers. */
export const kernels = {
  activationBackward,
  activationForward,
  adam,
  beginStep,
  conv2dBackwardInput,
  conv2dBackwardWeights,
  conv2dForward,
  crossEntropyBackward,
  crossEntropyForward,
  denseBackwardInput,
  denseBackwardWeights,
  denseForward,
  dropout,
  gatherRows,
  gram,
  meanSquaredErrorBackward,
  meanSquaredErrorForward,
  momentSums,
  noise,
  orthonormal,
  ownSums,
  poolBackward,
  poolForward,
  sgd,
  takeReplicas,
  tileSums,
  trainSteps,
  weightNormBackward,
  weightNormForward,
} as const
