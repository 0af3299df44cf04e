// How many multiplications and additions a second the adapter does, when nothing else is asked of it: independent chains of
//   x <- a x + b          STEPS times written out, `rounds` times over
// Results are stored, so that no compiler drops them, and a and b come at run time, so that none computes ahead. Written as a product
// and a sum: where an adapter fuses the two it may (shaders/tile-sums.wgsl is written so, too).
//
// start, results  count x CHAINS vectors        one invocation owns CHAINS of them
// f32: with |a| <= 1 an error never grows, and each of n steps adds two roundings of |x|.
const WORKGROUP = ${WORKGROUP}u;
const CHAINS = ${CHAINS}u;

struct Params {
  count: u32,
  rounds: u32,
  a: f32,
  b: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> start: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> results: array<vec4f>;

#include "shared/index.wgsl"

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let place = line_index(id, groups);
  if (place >= params.count) {
    return;
  }
  let a = vec4f(params.a);
  let b = vec4f(params.b);
#repeat J CHAINS
  var x${J} = start[place * CHAINS + ${J}u];
#endrepeat
  for (var round = 0u; round < params.rounds; round++) {
#repeat S STEPS
#repeat J CHAINS
    x${J} = a * x${J} + b;
#endrepeat
#endrepeat
  }
#repeat J CHAINS
  results[place * CHAINS + ${J}u] = x${J};
#endrepeat
}
