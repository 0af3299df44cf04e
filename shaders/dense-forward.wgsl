// u = x W' + b: rows x outputs from rows x inputs, W outputs x inputs and b outputs inside `parameters` (PyTorch's layout).
//
// x  rows x inputs     u  rows x outputs
// Small layers (UNROLLED): one invocation owns four rows, which stay in registers, four to a vector, while every weight is read
// once at an address known beforehand. Otherwise one invocation owns one element of u. shared/dense.wgsl has the sum, and its error.
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

#let PARAMETERS parameters
#let L 0
#if UNROLLED
// rows first .. first + 3, one to a component
alias Row = vec4f;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let first = line_index(id, groups) * 4u;
  if (first >= params.rows) {
    return;
  }
  let row = min(vec4u(first, first + 1u, first + 2u, first + 3u), vec4u(params.rows - 1u));
  let x_at = row * ${INPUTS_0};
  let u_at = row * ${OUTPUTS_0};
  var rows: array<Row, ${INPUTS_0}>;
#repeat I INPUTS_0
  rows[${I}] = Row(x[x_at.x + ${I}], x[x_at.y + ${I}], x[x_at.z + ${I}], x[x_at.w + ${I}]);
#endrepeat
#let X rows
#let IN_AT_0 0
#repeat O OUTPUTS_0
  {
#include "shared/dense.wgsl"
    u[u_at.x + ${O}] = u_o.x;
    u[u_at.y + ${O}] = u_o.y;
    u[u_at.z + ${O}] = u_o.z;
    u[u_at.w + ${O}] = u_o.w;
  }
#endrepeat
}
#else
alias Row = f32;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let element = line_index(id, groups);
  if (element >= params.rows * params.outputs) {
    return;
  }
  let output = element % params.outputs;
  let x_at = element / params.outputs * params.inputs;
#let X x
#let IN_AT_0 x_at
#let O output
#include "shared/dense.wgsl"
  u[element] = u_o;
}
#endif
