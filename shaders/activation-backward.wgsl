// d_u = d_s f'(u), with f' from s = f(u) (shaders/shared/activation.wgsl); overwrites.
//
// s, d_s, d_u  count        one invocation owns one element
const WORKGROUP = ${WORKGROUP}u;

struct Params {
  count: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> s: array<f32>;
@group(0) @binding(2) var<storage, read> d_s: array<f32>;
@group(0) @binding(3) var<storage, read_write> d_u: array<f32>;

#include "shared/index.wgsl"
#include "shared/activation.wgsl"

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let element = line_index(id, groups);
  if (element < params.count) {
    d_u[element] = d_s[element] * slope(s[element]);
  }
}
