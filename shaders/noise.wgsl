// noisy = source + noise_std z, z ~ N(0, 1): the noise of one layer (SCIENCE 1), or plain normals where there is no source.
//
// source  sources x width   row-major; row r of the noisy reads row source_first + r / repeat
// noisy  rows x width      one invocation owns four consecutive elements, that is one Philox block
// step    which pass this is: its noise_step enters the counter
//
// Counter (block, layer, step.noise_step, stream), key (seed_low, seed_high): noise depends on nothing but these, so the
// reference reproduces it and a resumed run continues it. Element e of the whole array is number e % 4 of block e / 4;
// first_block lets a chunk of a larger array draw the chunk's own noise.
// f32: |z| < 6.8, the sum rounds once.
const WORKGROUP = ${WORKGROUP}u;

struct Params {
  rows: u32,
  width: u32,
  repeat: u32,
  source_first: u32,
  noise_std: f32,
  seed_low: u32,
  seed_high: u32,
  stream: u32,
  layer: u32,
  first_block: u32,
}

#include "shared/step.wgsl"

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> step: Step;
#if SOURCE
@group(0) @binding(2) var<storage, read> source: array<f32>;
#endif
@group(0) @binding(3) var<storage, read_write> noisy: array<f32>;

#include "shared/index.wgsl"
#include "shared/philox.wgsl"
#include "shared/gaussian.wgsl"

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let block = line_index(id, groups);
  let count = params.rows * params.width;
  let first = block * 4u;
  if (first >= count) {
    return;
  }
  let counter = vec4u(params.first_block + block, params.layer, step.noise_step, params.stream);
  let z = gaussians(philox(counter, vec2u(params.seed_low, params.seed_high))) * params.noise_std;
  for (var k = 0u; k < 4u && first + k < count; k++) {
    let element = first + k;
#if SOURCE
    let row = element / params.width;
    let place = (params.source_first + row / params.repeat) * params.width + element % params.width;
    noisy[element] = source[place] + z[k];
#else
    noisy[element] = z[k];
#endif
  }
}
