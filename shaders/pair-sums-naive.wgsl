// The sum that shaders/tile-sums.wgsl forms, as one would first write it: what a speed of that kernel is measured against
// (`infoflow bench`), and used for nothing else. For every query y = s + z, over all centers c,
//   sum over c of exp( -scale (|y - c|^2 - |z|^2) )      scale = 1 / 2 beta^2
//
// queries  count x dimension: y     energies  count: |z|^2     centers  center_count x dimension     sums  count
// One invocation owns one query, and reads it and every center from the buffers, number by number.
// f32: |y - c|^2 is off by (dimension + 2) 2^-24 of itself, y by its own rounding; center_count additions, one after the other.
const WORKGROUP = ${WORKGROUP}u;

struct Params {
  count: u32,
  center_count: u32,
  dimension: u32,
  scale: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> queries: array<f32>;
@group(0) @binding(2) var<storage, read> energies: array<f32>;
@group(0) @binding(3) var<storage, read> centers: array<f32>;
@group(0) @binding(4) var<storage, read_write> sums: array<f32>;

#include "shared/index.wgsl"

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let query = line_index(id, groups);
  if (query >= params.count) {
    return;
  }
  var sum = 0.0;
  for (var c = 0u; c < params.center_count; c++) {
    var square = 0.0;
    for (var k = 0u; k < params.dimension; k++) {
      let t = queries[query * params.dimension + k] - centers[c * params.dimension + k];
      square += t * t;
    }
    sum += exp(-params.scale * (square - energies[query]));
  }
  sums[query] = sum;
}
