// The centers that all queries share are the first of every batch of an input's own ones:
//   centers[first_input + x, b, j] = own[x, b, j mod own_share]      j < share
//
// own  inputs x batches x own_share x width     centers  all inputs x batches x share x width
// One invocation owns one element of the result.
const WORKGROUP = ${WORKGROUP}u;

struct Params {
  inputs: u32,
  first_input: u32,
  batches: u32,
  share: u32,
  own_share: u32,
  width: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> own: array<f32>;
@group(0) @binding(2) var<storage, read_write> centers: array<f32>;

#include "shared/index.wgsl"

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let element = line_index(id, groups);
  let run = params.share * params.width;
  let input_size = params.batches * run;
  if (element >= params.inputs * input_size) {
    return;
  }
  let batch = element / run;
  centers[params.first_input * input_size + element] = own[batch * params.own_share * params.width + element % run % (params.own_share * params.width)];
}
