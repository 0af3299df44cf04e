// u = x * W + b as one would first write it: what a speed of shaders/conv2d-forward.wgsl is measured against (`infoflow bench`), and
// used for nothing else. Formula, buffers and parameters are those of that kernel.
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
  let size = convolved_size();
  let element = line_index(id, groups);
  if (element >= params.rows * params.filters * size.x * size.y) {
    return;
  }
  let pixel = element % (size.x * size.y);
  let filter_index = element / (size.x * size.y) % params.filters;
  let row = element / (size.x * size.y * params.filters);
  let top = i32(pixel / size.y * params.stride) - i32(params.padding);
  let left = i32(pixel % size.y * params.stride) - i32(params.padding);
  var sum = parameters[params.bias_at + filter_index];
  for (var channel = 0u; channel < params.channels; channel++) {
    let plane = (row * params.channels + channel) * params.height;
    let taps = params.weights_at + (filter_index * params.channels + channel) * params.kernel * params.kernel;
    for (var ky = 0u; ky < params.kernel; ky++) {
      for (var kx = 0u; kx < params.kernel; kx++) {
        let y = top + i32(ky);
        let across = left + i32(kx);
        if (y >= 0 && y < i32(params.height) && across >= 0 && across < i32(params.width)) {
          sum += parameters[taps + ky * params.kernel + kx] * x[(plane + u32(y)) * params.width + u32(across)];
        }
      }
    }
  }
  u[element] = sum;
}
