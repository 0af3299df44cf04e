// d_W += sum of d_u x over rows and pixels, d_b += sum of d_u, inside `gradients` (laid out as the parameters are):
// d_W(f, c, ky, kx) += sum over rows, y, x of d_u(f, y, x) x(c, stride y + ky - padding, stride x + kx - padding).
//
// x  rows x channels x height x width     d_u  rows x filters x out_height x out_width
// One invocation owns one element of [W | b] and runs down rows and pixels: nothing is shared, so the order of the sum is fixed.
// f32: error at most (rows out_height out_width + 1) 2^-24 sum |d_u x|.
const WORKGROUP = ${WORKGROUP}u;

struct Params {
  rows: u32,
  channels: u32,
  height: u32,
  width: u32,
  filters: u32,
  kernel: u32,
  stride: u32,
  padding: u32,
  weights_at: u32,
  bias_at: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> d_u: array<f32>;
@group(0) @binding(3) var<storage, read_write> gradients: array<f32>;

#include "shared/index.wgsl"
#include "shared/conv2d.wgsl"

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let element = line_index(id, groups);
  let taps = params.channels * params.kernel * params.kernel;
  let columns = taps + 1u;
  if (element >= params.filters * columns) {
    return;
  }
  let f = element / columns;
  let tap = element % columns;
  let is_bias = tap == taps;
  let channel = tap / (params.kernel * params.kernel);
  let ky = tap / params.kernel % params.kernel;
  let kx = tap % params.kernel;
  let out_height = convolved_size(params.height);
  let out_width = convolved_size(params.width);
  var sum = 0.0;
  for (var row = 0u; row < params.rows; row++) {
    let x_at = (row * params.channels + channel) * params.height;
    let u_at = (row * params.filters + f) * out_height;
    for (var oy = 0u; oy < out_height; oy++) {
      let y = params.stride * oy + ky - params.padding;
      for (var ox = 0u; ox < out_width; ox++) {
        let xx = params.stride * ox + kx - params.padding;
        let d = d_u[(u_at + oy) * out_width + ox];
        if (is_bias) {
          sum += d;
        } else if (y < params.height && xx < params.width) {
          sum += d * x[(x_at + y) * params.width + xx];
        }
      }
    }
  }
  let at = select(params.weights_at + f * taps + tap, params.bias_at + f, is_bias);
  gradients[at] += sum;
}
