// u = x W' + b: rows x outputs from rows x inputs, W outputs x inputs and b outputs inside `parameters` (PyTorch's layout).
//
// x  rows x inputs     u  rows x outputs
// Small layers (UNROLLED): one invocation owns four rows, which stay in registers, four to a vector, while every weight is read
// once at an address known beforehand. Otherwise one invocation owns one element of u.
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

#if UNROLLED
const INPUTS = ${INPUTS}u;
const OUTPUTS = ${OUTPUTS}u;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let first = line_index(id, groups) * 4u;
  if (first >= params.rows) {
    return;
  }
  let row = min(vec4u(first, first + 1u, first + 2u, first + 3u), vec4u(params.rows - 1u));
  let x_at = row * INPUTS;
  let u_at = row * OUTPUTS;
#repeat I INPUTS
  let x${I} = vec4f(x[x_at.x + ${I}u], x[x_at.y + ${I}u], x[x_at.z + ${I}u], x[x_at.w + ${I}u]);
#endrepeat
#repeat O OUTPUTS
  {
    var sum = vec4f(parameters[${BIAS_AT}u + ${O}u]);
#repeat I INPUTS
    sum += parameters[${WEIGHTS_AT}u + ${O}u * INPUTS + ${I}u] * x${I};
#endrepeat
    u[u_at.x + ${O}u] = sum.x;
    u[u_at.y + ${O}u] = sum.y;
    u[u_at.z + ${O}u] = sum.z;
    u[u_at.w + ${O}u] = sum.w;
  }
#endrepeat
}
#else
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
#endif
