// What changes from one training step to the next. A schedule of these is uploaded ahead, begin-step takes the next one.
struct Step {
  // key of the noise
  seed_low: u32,
  seed_high: u32,
  // number of the noise draw: the step counted from the start of training
  noise_step: u32,
  // where the batch begins in the order of the epoch
  batch_start: u32,
  // rows in the batch: smaller in the last one
  rows: u32,
  // Adam: learning rate / (1 - beta1^t) and sqrt(1 - beta2^t), formed in f64 on the host
  step_size: f32,
  correction: f32,
}
