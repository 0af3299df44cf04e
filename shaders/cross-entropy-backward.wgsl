// d_logits[r, c] = (softmax(logits[r])_c - [c = label]) / step.rows: the gradient of the mean loss of the batch.
// Rows past step.rows get 0 (the last batch is smaller than the buffers).
//
// logits, d_logits  rows x classes     labels  rows        one invocation owns one row
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
#include "shared/cross-entropy.wgsl"

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let row = line_index(id, groups);
  if (row >= params.rows) {
    return;
  }
  let at = row * params.classes;
#let LOGITS logits
#let LOGITS_AT at
#let CLASSES params.classes
#include "shared/softmax.wgsl"
  let scale = select(0.0, 1.0 / f32(step.rows), row < step.rows);
  for (var c = 0u; c < params.classes; c++) {
    d_logits[at + c] = cross_entropy_gradient(logits[at + c], c == labels[row], largest, sum) * scale;
  }
}
