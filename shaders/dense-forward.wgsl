// u = x W' + b: rows x outputs from rows x inputs, W outputs x inputs and b outputs inside `parameters` (PyTorch's layout).
//
// x  rows x inputs     u  rows x outputs        one invocation owns one element of u
// f32: a sum of `inputs` products and the bias, error at most (inputs + 2) 2^-24 (sum |x W| + |b|).
const WORKGROUP = ${WORKGROUP}u;

struct Params {
  rows: u32,
  inputs: u32,
  outputs: u32,
  weights_at: u32,
  bias_at: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> parameters: array<f32>;
@group(0) @binding(2) var<storage, read> x: array<f32>;
@group(0) @binding(3) var<storage, read_write> u: array<f32>;

#include "shared/index.wgsl"

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let element = line_index(id, groups);
  if (element >= params.rows * params.outputs) {
    return;
  }
  let output = element % params.outputs;
  let row_at = element / params.outputs * params.inputs;
  let weights_at = params.weights_at + output * params.inputs;
  var sum = parameters[params.bias_at + output];
  for (var i = 0u; i < params.inputs; i++) {
    sum += parameters[weights_at + i] * x[row_at + i];
  }
  u[element] = sum;
}
