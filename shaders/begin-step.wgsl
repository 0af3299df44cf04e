// Opens a training step: step = schedule[cursor], cursor += 1, gradients = 0.
//
// schedule  steps ahead, of Step        cursor  1        step  one Step
// gradients  count                      one invocation owns one element; invocation 0 also turns the page
const WORKGROUP = ${WORKGROUP}u;

struct Params {
  count: u32,
}

#include "shared/step.wgsl"

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> schedule: array<Step>;
@group(0) @binding(2) var<storage, read_write> cursor: array<u32>;
@group(0) @binding(3) var<storage, read_write> step: Step;
@group(0) @binding(4) var<storage, read_write> gradients: array<f32>;

#include "shared/index.wgsl"

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let element = line_index(id, groups);
  if (element == 0u) {
    step = schedule[cursor[0]];
    cursor[0] += 1u;
  }
  if (element < params.count) {
    gradients[element] = 0.0;
  }
}
