// loss[r] = log sum_c exp(logits[r, c]) - logits[r, label], correct[r] = 1 where the label's logit is the first largest.
//
// logits  rows x classes     labels, loss, correct  rows        one invocation owns one row
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
  loss[row] = cross_entropy(logits[at + labels[row]], largest, sum);
  correct[row] = select(0u, 1u, best == labels[row]);
}
