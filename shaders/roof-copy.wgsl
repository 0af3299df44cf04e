// How many bytes a second the adapter moves: results[i] = source[i], of arrays that no cache holds.
//
// source, results  first + vectors at least        invocation i owns vectors first + i, first + i + invocations, ... of the `vectors` from
// `first` on: neighbours touch neighbouring memory
const WORKGROUP = ${WORKGROUP}u;

struct Params {
  first: u32,
  vectors: u32,
  invocations: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> source: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> results: array<vec4f>;

#include "shared/index.wgsl"

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let place = line_index(id, groups);
  if (place >= params.invocations) {
    return;
  }
  for (var i = place; i < params.vectors; i += params.invocations) {
    results[params.first + i] = source[params.first + i];
  }
}
