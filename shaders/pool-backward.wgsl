// d_x (overwrites): the gradient of a pool's input. Max: all of d_u goes to the first of the largest pixels, row by row, which is
// looked for in x again; average: d_u / size^2 goes to every pixel. Pixels left over at the edges get 0.
//
// x, d_x  rows x channels x height x width     d_u  rows x channels x floor(height / size) x floor(width / size)
// One invocation owns a row of pools, or the rows that are left over: where it lies is found once.
// f32: max is exact, average off by one rounding.
const WORKGROUP = ${WORKGROUP}u;
const SIZE = ${SIZE}u;

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

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let out_height = params.height / SIZE;
  let out_width = params.width / SIZE;
  // with the rows left over
  let pools_down = (params.height + SIZE - 1u) / SIZE;
  let pool_row = line_index(id, groups);
  let plane = pool_row / pools_down;
  if (plane >= params.rows * params.channels) {
    return;
  }
  let oy = pool_row % pools_down;
  let row_at = (plane * params.height + oy * SIZE) * params.width;
  let pools = select(0u, out_width, oy < out_height);
  for (var ox = 0u; ox < pools; ox++) {
    let at = row_at + ox * SIZE;
    let d = d_u[(plane * out_height + oy) * out_width + ox];
#if POOL == max
    var largest_at = at;
    var largest = x[at];
#repeat DY SIZE
#repeat DX SIZE
    {
      let pixel_at = at + ${DY} * params.width + ${DX};
      let pixel = x[pixel_at];
      largest_at = select(largest_at, pixel_at, pixel > largest);
      largest = max(largest, pixel);
    }
#endrepeat
#endrepeat
#endif
#repeat DY SIZE
#repeat DX SIZE
    {
      let pixel_at = at + ${DY} * params.width + ${DX};
#if POOL == max
      d_x[pixel_at] = select(0.0, d, pixel_at == largest_at);
#else
      d_x[pixel_at] = d / f32(SIZE * SIZE);
#endif
    }
#endrepeat
#endrepeat
  }
  for (var dy = 0u; dy < min(SIZE, params.height - oy * SIZE); dy++) {
    for (var left_over = pools * SIZE; left_over < params.width; left_over++) {
      d_x[row_at + dy * params.width + left_over] = 0.0;
    }
  }
}
