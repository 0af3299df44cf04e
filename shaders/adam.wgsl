// Adam as PyTorch does it (Kingma & Ba 2015), element by element:
//   g += weight_decay p
//   m = beta1 m + (1 - beta1) g      v = beta2 v + (1 - beta2) g^2
//   p -= step_size m / (sqrt(v) / correction + epsilon)
// with step_size = learning rate / (1 - beta1^t) and correction = sqrt(1 - beta2^t) from the step: epsilon stands outside
// the root, and the powers, which f32 would spoil for small t, are formed in f64 on the host.
//
// parameters, gradients, first (m), second (v)  count        one invocation owns one element
const WORKGROUP = ${WORKGROUP}u;

struct Params {
  count: u32,
  beta1: f32,
  beta2: f32,
  one_minus_beta1: f32,
  one_minus_beta2: f32,
  epsilon: f32,
  weight_decay: f32,
}

#include "shared/step.wgsl"

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> step: Step;
@group(0) @binding(2) var<storage, read> gradients: array<f32>;
@group(0) @binding(3) var<storage, read_write> first: array<f32>;
@group(0) @binding(4) var<storage, read_write> second: array<f32>;
@group(0) @binding(5) var<storage, read_write> parameters: array<f32>;

#include "shared/index.wgsl"
#include "shared/adam.wgsl"

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let element = line_index(id, groups);
  if (element >= params.count) {
    return;
  }
  let moved = adam_step(vec3f(parameters[element], first[element], second[element]), gradients[element], step);
  parameters[element] = moved.x;
  first[element] = moved.y;
  second[element] = moved.z;
}
