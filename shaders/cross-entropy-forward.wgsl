// loss[r] = log sum_c exp(logits[r, c]) - logits[r, label], correct[r] = 1 where the label's logit is the first largest.
//
// logits  rows x classes     labels, loss, correct  rows        one invocation owns one row
// f32: the largest logit is taken out first, so the sum lies in [1, classes] and nothing overflows.
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

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let row = line_index(id, groups);
  if (row >= params.rows) {
    return;
  }
  let at = row * params.classes;
  var largest = logits[at];
  var best = 0u;
  for (var c = 1u; c < params.classes; c++) {
    if (logits[at + c] > largest) {
      largest = logits[at + c];
      best = c;
    }
  }
  var sum = 0.0;
  for (var c = 0u; c < params.classes; c++) {
    sum += exp(logits[at + c] - largest);
  }
  loss[row] = log(sum) + (largest - logits[at + labels[row]]);
  correct[row] = select(0u, 1u, best == labels[row]);
}
