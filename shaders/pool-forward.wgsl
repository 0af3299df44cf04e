// u = the largest pixel, or the mean, of every size x size pixels; rows and columns left over are dropped (POOL: max, average).
//
// x  rows x channels x height x width     u  rows x channels x floor(height / size) x floor(width / size)
// One invocation owns one element of u.
// f32: max is exact; a mean is off by at most (size^2 + 1) 2^-24 mean |x|.
const WORKGROUP = ${WORKGROUP}u;

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
#include "shared/pool.wgsl"

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let element = line_index(id, groups);
  let out_height = params.height / params.size;
  let out_width = params.width / params.size;
  let pixels = out_height * out_width;
  if (element >= params.rows * params.channels * pixels) {
    return;
  }
  let top = params.size * (element % pixels / out_width);
  let left = params.size * (element % out_width);
  let at = (element / pixels * params.height + top) * params.width + left;
#if POOL == max
  u[element] = x[largest_at(at)];
#else
  var sum = 0.0;
  for (var dy = 0u; dy < params.size; dy++) {
    for (var dx = 0u; dx < params.size; dx++) {
      sum += x[at + dy * params.width + dx];
    }
  }
  u[element] = sum / f32(params.size * params.size);
#endif
}
