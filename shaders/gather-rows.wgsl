// batch[r] = inputs[order[batch_start + r]], batch_labels[r] likewise: the rows of one training step.
// Rows past step.rows (the last batch is smaller) take row 0: cross-entropy-backward gives them no gradient.
//
// inputs  count x width     labels  count     order  count (a permutation, new every epoch)
// batch   rows x width      batch_labels  rows        one invocation owns one row
const WORKGROUP = ${WORKGROUP}u;

struct Params {
  rows: u32,
  width: u32,
}

#include "shared/step.wgsl"

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> step: Step;
@group(0) @binding(2) var<storage, read> order: array<u32>;
@group(0) @binding(3) var<storage, read> inputs: array<f32>;
@group(0) @binding(4) var<storage, read> labels: array<u32>;
@group(0) @binding(5) var<storage, read_write> batch: array<f32>;
@group(0) @binding(6) var<storage, read_write> batch_labels: array<u32>;

#include "shared/index.wgsl"

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let row = line_index(id, groups);
  if (row >= params.rows) {
    return;
  }
  let source_at = order[step.batch_start + select(0u, row, row < step.rows)];
  for (var k = 0u; k < params.width; k++) {
    batch[row * params.width + k] = inputs[source_at * params.width + k];
  }
  batch_labels[row] = labels[source_at];
}
