// u = the largest pixel, or the mean, of every size x size pixels; rows and columns left over are dropped (POOL: max, average).
//
// x  rows x channels x height x width     u  rows x channels x floor(height / size) x floor(width / size)
// One invocation owns a row of a plane of u: where it lies is found once.
// f32: max is exact; a mean is off by at most (size^2 + 1) 2^-24 mean |x|.
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
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> u: array<f32>;

#include "shared/index.wgsl"

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let out_height = params.height / SIZE;
  let out_width = params.width / SIZE;
  let out_row = line_index(id, groups);
  let plane = out_row / out_height;
  if (plane >= params.rows * params.channels) {
    return;
  }
  let row_at = (plane * params.height + out_row % out_height * SIZE) * params.width;
  for (var ox = 0u; ox < out_width; ox++) {
    let at = row_at + ox * SIZE;
#if POOL == max
    var largest = x[at];
#repeat DY SIZE
#repeat DX SIZE
    largest = max(largest, x[at + ${DY} * params.width + ${DX}]);
#endrepeat
#endrepeat
    u[out_row * out_width + ox] = largest;
#else
    var sum = 0.0;
#repeat DY SIZE
#repeat DX SIZE
    sum += x[at + ${DY} * params.width + ${DX}];
#endrepeat
#endrepeat
    u[out_row * out_width + ox] = sum / f32(SIZE * SIZE);
#endif
  }
}
