// The noise of columns 4 quad .. 4 quad + 3 of a row: four normals times noise_std, one Philox block.
//
// Counter (row x quads + quad, layer, step.noise_step, params.stream), quads = ceil(width / 4), key (step.seed_low, step.seed_high):
// noise depends on nothing but these, so that every path draws the same, the reference reproduces it and a resumed run continues it.
#include "shared/philox.wgsl"
#include "shared/gaussian.wgsl"
fn noise_quad(row: u32, quad: u32, quads: u32, layer: u32, noise_std: f32, step: Step) -> vec4f {
  let counter = vec4u(row * quads + quad, layer, step.noise_step, params.stream);
  return noise_std * gaussians(philox(counter, vec2u(step.seed_low, step.seed_high)));
}
