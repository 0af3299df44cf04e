// d_logits[r, c] = 2 (logits[r, c] - [c = label]) / (step.rows classes): the gradient of the mean loss of the batch.
// Rows past step.rows get 0 (the last batch is smaller than the buffers).
//
// logits (the network's outputs), d_logits  rows x classes     labels  rows        one invocation owns one element
const WORKGROUP = ${WORKGROUP}u;

struct Params {
  rows: u32,
  classes: u32,
}

#include "shared/step.wgsl"

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> step: Step;
@group(0) @binding(2) var<storage, read> logits: array<f32>;
@group(0) @binding(3) var<storage, read> labels: array<u32>;
@group(0) @binding(4) var<storage, read_write> d_logits: array<f32>;

#include "shared/index.wgsl"
#include "shared/mean-squared-error.wgsl"

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let element = line_index(id, groups);
  if (element >= params.rows * params.classes) {
    return;
  }
  let row = element / params.classes;
  let gradient = squared_error_gradient(logits[element], element % params.classes == labels[row]);
  d_logits[element] = select(0.0, gradient / (f32(step.rows) * f32(params.classes)), row < step.rows);
}
