// u = x * W + b: a 2-d convolution as PyTorch's Conv2d, a cross-correlation with zero padding:
// u(f, y, x) = b_f + sum over c, ky, kx of W(f, c, ky, kx) x(c, stride y + ky - padding, stride x + kx - padding).
//
// x  rows x channels x height x width     u  rows x filters x out_height x out_width
// W  filters x channels x kernel x kernel and b  filters inside `parameters`
// One invocation owns one element of u.
// f32: a sum of channels kernel^2 products and the bias, error at most (channels kernel^2 + 2) 2^-24 (sum |x W| + |b|).
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
@group(0) @binding(1) var<storage, read> parameters: array<f32>;
@group(0) @binding(2) var<storage, read> x: array<f32>;
@group(0) @binding(3) var<storage, read_write> u: array<f32>;

#include "shared/index.wgsl"
#include "shared/conv2d.wgsl"

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let element = line_index(id, groups);
  let out_width = convolved_size(params.width);
  let pixels = convolved_size(params.height) * out_width;
  if (element >= params.rows * params.filters * pixels) {
    return;
  }
  let plane = element / pixels;
  let filter_index = plane % params.filters;
  let row = plane / params.filters;
  // in coordinates of the padded input, so that nothing is negative
  let top = params.stride * (element % pixels / out_width);
  let left = params.stride * (element % out_width);
  var sum = parameters[params.bias_at + filter_index];
  for (var channel = 0u; channel < params.channels; channel++) {
    let x_at = (row * params.channels + channel) * params.height;
    let weights_at = params.weights_at + (filter_index * params.channels + channel) * params.kernel * params.kernel;
    for (var ky = 0u; ky < params.kernel; ky++) {
      let y = top + ky - params.padding;
      for (var kx = 0u; kx < params.kernel; kx++) {
        let xx = left + kx - params.padding;
        if (y < params.height && xx < params.width) {
          sum += parameters[weights_at + ky * params.kernel + kx] * x[(x_at + y) * params.width + xx];
        }
      }
    }
  }
  u[element] = sum;
}
