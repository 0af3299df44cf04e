// d_x = d_u W (overwrites): the gradient of a dense layer's input.
//
// d_u  rows x outputs     d_x  rows x inputs
// TILED: one invocation owns a tile of d_x, LINES inputs of 4 QUADS rows; shared/product.wgsl has the sum. Small layers go without:
// one invocation owns one element; shared/dense-backward-input.wgsl has the sum, in the same order.
// f32: error at most (outputs + 1) 2^-24 sum |d_u W|.
const WORKGROUP = ${WORKGROUP}u;

struct Params {
  rows: u32,
  inputs: u32,
  outputs: u32,
  weights_at: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> parameters: array<f32>;
@group(0) @binding(2) var<storage, read> d_u: array<f32>;
@group(0) @binding(3) var<storage, read_write> d_x: array<f32>;

#include "shared/index.wgsl"

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
#if TILED
#let RESULT d_x
#let RESULT_AT quad * params.inputs + line
#let START vec4f()
#let LINE_COUNT params.inputs
#let A parameters
#let LINE_AT params.weights_at + line
#let K_A params.inputs
#let QUAD_COUNT params.rows
#let B d_u
#let QUAD_AT quad * params.outputs
#let K_B 1u
#let TERMS params.outputs
#include "shared/product.wgsl"
#else
  let element = line_index(id, groups);
  if (element >= params.rows * params.inputs) {
    return;
  }
  let input = element % params.inputs;
  let row_at = element / params.inputs * params.outputs;
#let PARAMETERS parameters
#let D_U d_u
#let L 0
#let INPUTS_0 params.inputs
#let OUTPUTS_0 params.outputs
#let WEIGHTS_AT_0 params.weights_at
#let OUT_AT_0 row_at
#let I input
#include "shared/dense-backward-input.wgsl"
  d_x[element] = d_x_i;
#endif
}
