// s = f(u), element by element; f is ACTIVATION (shaders/shared/activation.wgsl).
//
// u, s  count        one invocation owns one element
const WORKGROUP = ${WORKGROUP}u;

struct Params {
  count: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> u: array<f32>;
@group(0) @binding(2) var<storage, read_write> s: array<f32>;

#include "shared/index.wgsl"
#include "shared/activation.wgsl"

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let element = line_index(id, groups);
  if (element < params.count) {
    s[element] = activate(u[element]);
  }
}
