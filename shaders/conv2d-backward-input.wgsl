// d_x (overwrites): the gradient of a convolution's input, shaders/conv2d-forward.wgsl:
// d_x(c, y, x) = sum over f, ky, kx of d_u(f, oy, ox) W(f, c, ky, kx) where stride oy + ky - padding = y, stride ox + kx - padding = x.
//
// d_u  rows x filters x out_height x out_width     d_x  rows x channels x height x width
// One invocation owns a tile of TILE_HEIGHT x TILE_WIDTH pixels of four channels. d_u, its pixels stride apart, is seen through the
// kernel turned by half a turn; shared/correlate.wgsl has the sum.
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
#include "shared/source-pixel.wgsl"
#include "shared/tile.wgsl"

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let tile = tile_of(line_index(id, groups), params.channels, params.height, params.width);
  if (tile.row >= params.rows) {
    return;
  }
  let size = convolved_size();
  let planes = min(tile.planes, vec4u(params.channels - 1u));
  var sums: array<vec4f, TILE_HEIGHT * TILE_WIDTH>;
  for (var f = 0u; f < params.filters; f++) {
    let source_at = (tile.row * params.filters + f) * size.x * size.y;
    let weights_at = params.weights_at + (f * params.channels + planes) * KERNEL * KERNEL;
#let SOURCE d_u
#let SOURCE_HEIGHT size.x
#let SOURCE_WIDTH size.y
#let TAP KERNEL * KERNEL - 1u - (ky * KERNEL + kx)
#include "shared/correlate.wgsl"
  }
#let RESULT d_x
#let PLANES params.channels
#let HEIGHT params.height
#let WIDTH params.width
#include "shared/store-tile.wgsl"
}
