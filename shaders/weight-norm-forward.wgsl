// w = g v / |v| and b copied, for every neuron of a layer: `parameters` as the other kernels read them, from the `raw` ones that are trained.
//
// raw  v in place of W, b in place of b, all layers' gains g behind them     parameters  W and b
// One invocation owns one neuron: v (inputs numbers from weights_at + neuron inputs), b and g (from gains_at).
// f32: w is off by at most (inputs / 2 + 12) 2^-24 of itself (shared/weight-norm.wgsl, a quotient and a product).
const WORKGROUP = ${WORKGROUP}u;

struct Params {
  inputs: u32,
  outputs: u32,
  weights_at: u32,
  bias_at: u32,
  gains_at: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> raw: array<f32>;
@group(0) @binding(2) var<storage, read_write> parameters: array<f32>;

#let RAW raw
#let D_W raw
#include "shared/index.wgsl"
#include "shared/weight-norm.wgsl"

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let neuron = line_index(id, groups);
  if (neuron >= params.outputs) {
    return;
  }
  let at = params.weights_at + neuron * params.inputs;
  let scale = raw[params.gains_at + neuron] / row_norm(at, params.inputs);
  for (var i = 0u; i < params.inputs; i++) {
    parameters[at + i] = scale * raw[at + i];
  }
  parameters[params.bias_at + neuron] = raw[params.bias_at + neuron];
}
