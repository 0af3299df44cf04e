// loss[r] = mean over c of (logits[r, c] - [c = label])^2, correct[r] = 1 where the label's logit is the first largest. The mean over
// rows is PyTorch's MSELoss against one-hot vectors.
//
// logits (the network's outputs)  rows x classes     labels, loss, correct  rows        one invocation owns one row
// f32: squares only, error at most (classes + 4) 2^-24 of the loss, and of a difference's rounding.
const WORKGROUP = ${WORKGROUP}u;

struct Params {
  rows: u32,
  classes: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> logits: array<f32>;
@group(0) @binding(2) var<storage, read> labels: array<u32>;
@group(0) @binding(3) var<storage, read_write> loss: array<f32>;
@group(0) @binding(4) var<storage, read_write> correct: array<u32>;

#include "shared/index.wgsl"
#include "shared/mean-squared-error.wgsl"

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let row = line_index(id, groups);
  if (row >= params.rows) {
    return;
  }
  let at = row * params.classes;
  let label = labels[row];
  var sum = 0.0;
  var best = 0u;
  for (var c = 0u; c < params.classes; c++) {
    sum += squared_error(logits[at + c], c == label);
    best = select(best, c, logits[at + c] > logits[at + best]);
  }
  loss[row] = sum / f32(params.classes);
  correct[row] = select(0u, 1u, best == label);
}
