// noisy = source + noise_std z, z ~ N(0, 1): the noise of one layer (METHOD 1), or plain normals where there is no source.
//
// source  sources x width   row-major; row r of the noisy reads row source_first + r / repeat
// noisy   rows x width      one invocation owns a quad: columns 4 q .. 4 q + 3 of a row, that is one Philox block
// step    which pass this is: its noise_step enters the counter, its seed is the key
//
// shared/noise.wgsl says what is drawn. Rows are counted from first_row, so that a chunk of a larger array draws the chunk's own noise.
// f32: |z| < 6.8, the sum rounds once.
const WORKGROUP = ${WORKGROUP}u;

struct Params {
  rows: u32,
  width: u32,
  repeat: u32,
  source_first: u32,
  noise_std: f32,
  stream: u32,
  layer: u32,
  first_row: u32,
}

#include "shared/step.wgsl"

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> step: Step;
#if SOURCE
@group(0) @binding(2) var<storage, read> source: array<f32>;
#endif
@group(0) @binding(3) var<storage, read_write> noisy: array<f32>;

#include "shared/index.wgsl"
#include "shared/noise.wgsl"

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let quads = (params.width + 3u) / 4u;
  let place = line_index(id, groups);
  let row = place / quads;
  if (row >= params.rows) {
    return;
  }
  let quad = place % quads;
  let z = noise_quad(params.first_row + row, quad, quads, params.layer, params.noise_std, step);
  let column = 4u * quad;
  let noisy_at = row * params.width + column;
#if SOURCE
  let source_at = (params.source_first + row / params.repeat) * params.width + column;
#endif
  for (var k = 0u; k < min(4u, params.width - column); k++) {
#if SOURCE
    noisy[noisy_at + k] = source[source_at + k] + z[k];
#else
    noisy[noisy_at + k] = z[k];
#endif
  }
}
