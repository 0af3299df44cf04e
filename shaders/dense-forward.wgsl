// u = x W' + b: rows x outputs from rows x inputs, W outputs x inputs and b outputs inside `parameters` (PyTorch's layout).
//
// x  rows x inputs     u  rows x outputs
// Small layers (UNROLLED): one invocation owns four rows, which stay in registers, four to a vector, while every weight is read
// once at an address known beforehand; shared/dense.wgsl has the sum. Otherwise one invocation owns a tile of u, LINES outputs of
// 4 QUADS rows; shared/product.wgsl has the sum, in the same order.
// f32: error at most (inputs + 2) 2^-24 (sum |x W| + |b|).
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
@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
#let RESULT u
#let RESULT_AT quad * params.outputs + line
#let START vec4f(parameters[params.bias_at + line])
#let LINE_COUNT params.outputs
#let A parameters
#let LINE_AT params.weights_at + line * params.inputs
#let K_A 1u
#let QUAD_COUNT params.rows
#let B x
#let QUAD_AT quad * params.inputs
#let K_B 1u
#let TERMS params.inputs
#include "shared/product.wgsl"
}
#endif
