// d_x (overwrites): the gradient of a pool's input. Max: all of d_u goes to the first of the largest pixels, row by row, which is
// looked for in x again; average: d_u / size^2 goes to every pixel. Pixels left over at the edges get 0.
//
// x, d_x  rows x channels x height x width     d_u  rows x channels x floor(height / size) x floor(width / size)
// One invocation owns the pixels of one pool, or of a part of one at the edges.
// f32: max is exact, average off by one rounding.
const WORKGROUP = ${WORKGROUP}u;

struct Params {
  rows: u32,
  channels: u32,
  height: u32,
  width: u32,
  size: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> d_u: array<f32>;
@group(0) @binding(2) var<storage, read_write> d_x: array<f32>;
#if POOL == max
@group(0) @binding(3) var<storage, read> x: array<f32>;
#endif

#include "shared/index.wgsl"
#include "shared/pool.wgsl"

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let element = line_index(id, groups);
  let out_height = params.height / params.size;
  let out_width = params.width / params.size;
  // with the parts at the edges
  let pools_down = (params.height + params.size - 1u) / params.size;
  let pools_across = (params.width + params.size - 1u) / params.size;
  let plane = element / (pools_down * pools_across);
  if (plane >= params.rows * params.channels) {
    return;
  }
  let oy = element / pools_across % pools_down;
  let ox = element % pools_across;
  let top = oy * params.size;
  let left = ox * params.size;
  let at = (plane * params.height + top) * params.width + left;
  var d = 0.0;
#if POOL == max
  var winner = at;
#endif
  if (oy < out_height && ox < out_width) {
    d = d_u[(plane * out_height + oy) * out_width + ox];
#if POOL == max
    winner = largest_at(at);
#else
    d /= f32(params.size * params.size);
#endif
  }
  for (var dy = 0u; dy < min(params.size, params.height - top); dy++) {
    for (var dx = 0u; dx < min(params.size, params.width - left); dx++) {
      let pixel_at = at + dy * params.width + dx;
#if POOL == max
      d_x[pixel_at] = select(0.0, d, pixel_at == winner);
#else
      d_x[pixel_at] = d;
#endif
    }
  }
}
