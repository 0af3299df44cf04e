// d_W += d_u' x and d_b += sum of d_u over rows, inside `gradients` (laid out as the parameters are).
//
// x  rows x inputs     d_u  rows x outputs
// TILED: one invocation owns a tile of d_W, LINES outputs of 4 QUADS inputs, and with the first inputs the biases of its outputs;
// shared/product.wgsl has the sum, on top of what was there. Small layers go without: one invocation owns one element of [W | b] and
// runs down the rows. Nothing is shared, so the order of the sum is fixed.
// f32: error at most (rows + 1) 2^-24 (sum |d_u x| + |d_W|).
const WORKGROUP = ${WORKGROUP}u;

struct Params {
  rows: u32,
  inputs: u32,
  outputs: u32,
  weights_at: u32,
  bias_at: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> d_u: array<f32>;
@group(0) @binding(3) var<storage, read_write> gradients: array<f32>;

#include "shared/index.wgsl"

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
#if TILED
#let RESULT gradients
#let RESULT_AT params.weights_at + line * params.inputs + quad
#let START vec4f(gradients[at.x], gradients[at.y], gradients[at.z], gradients[at.w])
#let LINE_COUNT params.outputs
#let A d_u
#let LINE_AT line
#let K_A params.outputs
#let QUAD_COUNT params.inputs
#let B x
#let QUAD_AT quad
#let K_B params.inputs
#let TERMS params.rows
#include "shared/product.wgsl"
  // the sums are written, and what follows is short: the biases of the tile's lines, by the tiles of the first inputs
  let biases = select(0u, min(LINES, params.outputs - first_line), first_quad == 0u);
  for (var o = first_line; o < first_line + biases; o++) {
    var sum = gradients[params.bias_at + o];
    for (var row = 0u; row < params.rows; row++) {
      sum += d_u[row * params.outputs + o];
    }
    gradients[params.bias_at + o] = sum;
  }
#else
  let element = line_index(id, groups);
  let columns = params.inputs + 1u;
  if (element >= params.outputs * columns) {
    return;
  }
  let output = element / columns;
  let input = element % columns;
  let is_bias = input == params.inputs;
  // the bias is a weight whose input is always 1; its lane reads x[0] and drops it
  let column = select(input, 0u, is_bias);
  var sum = 0.0;
  for (var row = 0u; row < params.rows; row++) {
    sum += d_u[row * params.outputs + output] * select(x[row * params.inputs + column], 1.0, is_bias);
  }
  let at = select(params.weights_at + output * params.inputs + input, params.bias_at + output, is_bias);
  gradients[at] += sum;
#endif
}
