// Gradient descent as PyTorch does it (torch.optim.SGD, neither dampened nor Nesterov's), element by element:
//   g += weight_decay p      buffer = momentum buffer + g      p -= step_size buffer
// with step_size = learning rate from the step. A buffer that begins as 0 becomes g in the first step, as PyTorch's does.
//
// parameters, gradients, first (buffer)  count        one invocation owns one element
const WORKGROUP = ${WORKGROUP}u;

struct Params {
  count: u32,
  momentum: f32,
  weight_decay: f32,
}

#include "shared/step.wgsl"

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> step: Step;
@group(0) @binding(2) var<storage, read> gradients: array<f32>;
@group(0) @binding(3) var<storage, read_write> first: array<f32>;
@group(0) @binding(4) var<storage, read_write> parameters: array<f32>;

#include "shared/index.wgsl"
#include "shared/sgd.wgsl"

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let element = line_index(id, groups);
  if (element >= params.count) {
    return;
  }
  let moved = sgd_step(vec2f(parameters[element], first[element]), gradients[element], step);
  parameters[element] = moved.x;
  first[element] = moved.y;
}
