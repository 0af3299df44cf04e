// u = x * W + b: a 2-d convolution as PyTorch's Conv2d, a cross-correlation with zero padding:
// u(f, y, x) = b_f + sum over c, ky, kx of W(f, c, ky, kx) x(c, stride y + ky - padding, stride x + kx - padding).
//
// x  rows x channels x height x width     u  rows x filters x out_height x out_width
// W  filters x channels x kernel x kernel and b  filters inside `parameters`
// One invocation owns a tile of TILE_HEIGHT x TILE_WIDTH pixels of four filters; shared/correlate.wgsl has the sum.
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
#include "shared/source-pixel.wgsl"
#include "shared/tile.wgsl"

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let size = convolved_size();
  let tile = tile_of(line_index(id, groups), params.filters, size.x, size.y);
  if (tile.row >= params.rows) {
    return;
  }
  let planes = min(tile.planes, vec4u(params.filters - 1u));
  var sums: array<vec4f, TILE_HEIGHT * TILE_WIDTH>;
  let bias_at = params.bias_at + planes;
  let bias = vec4f(parameters[bias_at.x], parameters[bias_at.y], parameters[bias_at.z], parameters[bias_at.w]);
#repeat I TILE_PIXELS
  sums[${I}] = bias;
#endrepeat
  for (var channel = 0u; channel < params.channels; channel++) {
    let source_at = (tile.row * params.channels + channel) * params.height * params.width;
    let weights_at = params.weights_at + (planes * params.channels + channel) * KERNEL * KERNEL;
#let SOURCE x
#let SOURCE_HEIGHT params.height
#let SOURCE_WIDTH params.width
#let TAP ky * KERNEL + kx
#include "shared/correlate.wgsl"
  }
#let RESULT u
#let PLANES params.filters
#let HEIGHT size.x
#let WIDTH size.y
#include "shared/store-tile.wgsl"
}
