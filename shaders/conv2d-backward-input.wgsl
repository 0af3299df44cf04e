// d_x (overwrites): the gradient of a convolution's input, shaders/conv2d-forward.wgsl:
// d_x(c, y, x) = sum over f, ky, kx of d_u(f, oy, ox) W(f, c, ky, kx) where stride oy + ky - padding = y, stride ox + kx - padding = x.
//
// d_u  rows x filters x out_height x out_width     d_x  rows x channels x height x width
// One invocation owns one element of d_x.
// f32: error at most (filters kernel^2 + 1) 2^-24 sum |d_u W|.
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
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> parameters: array<f32>;
@group(0) @binding(2) var<storage, read> d_u: array<f32>;
@group(0) @binding(3) var<storage, read_write> d_x: array<f32>;

#include "shared/index.wgsl"
#include "shared/conv2d.wgsl"

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let element = line_index(id, groups);
  let pixels = params.height * params.width;
  if (element >= params.rows * params.channels * pixels) {
    return;
  }
  let plane = element / pixels;
  let channel = plane % params.channels;
  let row = plane / params.channels;
  let y = element % pixels / params.width + params.padding;
  let x = element % params.width + params.padding;
  let out_height = convolved_size(params.height);
  let out_width = convolved_size(params.width);
  var sum = 0.0;
  for (var f = 0u; f < params.filters; f++) {
    let u_at = (row * params.filters + f) * out_height;
    let weights_at = params.weights_at + (f * params.channels + channel) * params.kernel * params.kernel;
    for (var ky = 0u; ky < params.kernel; ky++) {
      for (var kx = 0u; kx < params.kernel; kx++) {
        // above the output's first pixel the difference is a very large number
        let oy = (y - ky) / params.stride;
        let ox = (x - kx) / params.stride;
        let meets = oy * params.stride == y - ky && ox * params.stride == x - kx;
        if (meets && oy < out_height && ox < out_width) {
          sum += parameters[weights_at + ky * params.kernel + kx] * d_u[(u_at + oy) * out_width + ox];
        }
      }
    }
  }
  d_x[element] = sum;
}
