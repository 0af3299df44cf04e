// Gradients of the raw parameters from those of W and b, for every neuron of a layer; overwrites, as these are sums already:
//   d_g = d_w . v / |v|      d_v = (g / |v|) (d_w - d_g v / |v|)      d_b copied
//
// raw, raw_gradients  v in place of W, b in place of b, all layers' gains g behind them     gradients  of W and b
// One invocation owns one neuron: v (inputs numbers from weights_at + neuron inputs), b and g (from gains_at).
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
@group(0) @binding(2) var<storage, read> gradients: array<f32>;
@group(0) @binding(3) var<storage, read_write> raw_gradients: array<f32>;

#let RAW raw
#let D_W gradients
#include "shared/index.wgsl"
#include "shared/weight-norm.wgsl"

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let neuron = line_index(id, groups);
  if (neuron >= params.outputs) {
    return;
  }
  let at = params.weights_at + neuron * params.inputs;
  let gain = raw[params.gains_at + neuron];
  let norm = row_norm(at, params.inputs);
  let d_g = gain_gradient(at, params.inputs, norm);
  for (var i = 0u; i < params.inputs; i++) {
    raw_gradients[at + i] = direction_gradient(gradients[at + i], raw[at + i], gain, norm, d_g);
  }
  raw_gradients[params.bias_at + neuron] = gradients[params.bias_at + neuron];
  raw_gradients[params.gains_at + neuron] = d_g;
}
