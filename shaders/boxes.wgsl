// The box around each group of points: low and high end along every axis (METHOD 2.2).
//
// points  groups x size x DIMENSION        boxes  groups x 2 x DIMENSION (low, high)
// With NOISE the points are queries y = point + z, and reach[group] = max |z|^2 besides:
// noise   groups x size x DIMENSION        reach  groups
//
// One invocation owns one group. f32: point + z rounds once, which near-tiles allows for.
const WORKGROUP = ${WORKGROUP}u;
const DIMENSION = ${DIMENSION}u;

struct Params {
  groups: u32,
  size: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> points: array<f32>;
@group(0) @binding(2) var<storage, read_write> boxes: array<f32>;
#if NOISE
@group(0) @binding(3) var<storage, read> noise: array<f32>;
@group(0) @binding(4) var<storage, read_write> reach: array<f32>;
#endif

#include "shared/index.wgsl"

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let group = line_index(id, groups);
  if (group >= params.groups) {
    return;
  }
  let at = group * params.size * DIMENSION;
  for (var k = 0u; k < DIMENSION; k++) {
    var low = 3.0e38;
    var high = -3.0e38;
    for (var i = at + k; i < at + params.size * DIMENSION; i += DIMENSION) {
#if NOISE
      let point = points[i] + noise[i];
#else
      let point = points[i];
#endif
      low = min(low, point);
      high = max(high, point);
    }
    boxes[(group * 2u) * DIMENSION + k] = low;
    boxes[(group * 2u + 1u) * DIMENSION + k] = high;
  }
#if NOISE
  var largest = 0.0;
  for (var i = 0u; i < params.size; i++) {
    var square = 0.0;
    for (var k = 0u; k < DIMENSION; k++) {
      let z = noise[at + i * DIMENSION + k];
      square += z * z;
    }
    largest = max(largest, square);
  }
  reach[group] = largest;
#endif
}
