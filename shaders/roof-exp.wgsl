// How many exponentials a second the adapter does, when nothing else is asked of it: independent chains of
//   x <- exp(-x)          STEPS times written out, `rounds` times over
// Results are stored, so that no compiler drops them.
//
// start, results  count x CHAINS vectors        one invocation owns CHAINS of them
// f32: from x in [0, 1] on every x is in [1/e, 1], where the slope is below 1, so that errors shrink.
const WORKGROUP = ${WORKGROUP}u;
const CHAINS = ${CHAINS}u;

struct Params {
  count: u32,
  rounds: u32,
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
#repeat J CHAINS
  var x${J} = start[place * CHAINS + ${J}u];
#endrepeat
  for (var round = 0u; round < params.rounds; round++) {
#repeat S STEPS
#repeat J CHAINS
    x${J} = exp(-x${J});
#endrepeat
#endrepeat
  }
#repeat J CHAINS
  results[place * CHAINS + ${J}u] = x${J};
#endrepeat
}
