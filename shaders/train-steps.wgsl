// Trains small networks for many steps in one dispatch, each in a workgroup of its own: per step what gather-rows, dense-forward, activation-forward, noise,
// cross-entropy-backward, activation-backward, dense-backward-* and adam do (their heads give the formulas, the functions are shared).
//
// inputs  count x WIDTH     labels  count: of all networks
// schedule  networks x steps     order  networks x order_length: rows of the epoch
// parameters, first (m), second (v)  networks x COUNT, laid out layer by layer, weights (outputs x inputs) before bias
//
// Lanes share the rows of the batch, each with the weights, all activations of its row and all gradients in
// private memory at addresses known beforehand; once a step the lanes' gradients meet in workgroup memory, where each
// lane adds those of its parameters in lane order and takes the Adam step. Every sum has one fixed order.
// The text is unrolled by layer: INPUTS_l, OUTPUTS_l, WEIGHTS_AT_l, BIAS_AT_l; a row's activations lie in `s` and, with their noise, in `x` at IN_AT_l and OUT_AT_l,
// layers padded to quads so that noise is written four at a time.
// f32: as in the kernels it stands for; a gradient sums rows / WORKGROUP terms a lane.
const WORKGROUP = ${WORKGROUP}u;
const COUNT = ${COUNT}u;
const ROW = ${ROW}u;
// gradients that meet in workgroup memory at a time
const CHUNK = ${CHUNK}u;

struct Params {
  networks: u32,
  steps: u32,
  order_length: u32,
  noise_std: f32,
  stream: u32,
  beta1: f32,
  beta2: f32,
  one_minus_beta1: f32,
  one_minus_beta2: f32,
  epsilon: f32,
  weight_decay: f32,
}

#include "shared/step.wgsl"

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> schedule: array<Step>;
@group(0) @binding(2) var<storage, read> order: array<u32>;
@group(0) @binding(3) var<storage, read> inputs: array<f32>;
@group(0) @binding(4) var<storage, read> labels: array<u32>;
@group(0) @binding(5) var<storage, read_write> parameters: array<f32>;
@group(0) @binding(6) var<storage, read_write> first: array<f32>;
@group(0) @binding(7) var<storage, read_write> second: array<f32>;

#include "shared/noise.wgsl"
#include "shared/activation.wgsl"
#include "shared/cross-entropy.wgsl"
#include "shared/adam.wgsl"

// what the included statements work on
alias Row = f32;
#let PARAMETERS w
#let X x
#let D_U d_u
#let LOGITS x

var<workgroup> weights: array<f32, COUNT>;
var<workgroup> partial: array<f32, CHUNK * WORKGROUP>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let network = group.x;
  let own = network * COUNT;
  for (var k = lane; k < COUNT; k += WORKGROUP) {
    weights[k] = parameters[own + k];
  }
  workgroupBarrier();
  for (var n = 0u; n < params.steps; n++) {
    let step = schedule[network * params.steps + n];
    var w: array<f32, COUNT>;
    var g: array<f32, COUNT>;
    for (var k = 0u; k < COUNT; k++) {
      w[k] = weights[k];
      g[k] = 0.0;
    }
    let scale = 1.0 / f32(step.rows);
    for (var row = lane; row < step.rows; row += WORKGROUP) {
      let source = order[network * params.order_length + step.batch_start + row];
      let label = labels[source];
      var s: array<f32, ROW>;
      var x: array<f32, ROW>;
      var d_u: array<f32, ROW>;
#repeat I INPUTS_0
      x[${I}u] = inputs[source * ${INPUTS_0}u + ${I}u];
#endrepeat
#repeat L LAYERS
#repeat O OUTPUTS_${L}
      {
#include "shared/dense.wgsl"
#if LINEAR_${L}
        s[${OUT_AT_${L}}u + ${O}u] = u_o;
#else
        s[${OUT_AT_${L}}u + ${O}u] = activate(u_o);
#endif
      }
#endrepeat
#repeat Q QUADS_${L}
      {
        let at = ${OUT_AT_${L}}u + 4u * ${Q}u;
#if NOISY_${L}
        let z = noise_quad(row, ${Q}u, ${QUADS_${L}}u, ${L}u + 1u, step);
#else
        let z = vec4f();
#endif
        x[at] = s[at] + z.x;
        x[at + 1u] = s[at + 1u] + z.y;
        x[at + 2u] = s[at + 2u] + z.z;
        x[at + 3u] = s[at + 3u] + z.w;
      }
#endrepeat
#endrepeat
#include "shared/softmax.wgsl"
#repeat C CLASSES
      d_u[${LOGITS_AT} + ${C}] = cross_entropy_gradient(x[${LOGITS_AT} + ${C}], label == ${C}, largest, sum) * scale;
#endrepeat
#repeat L LAYERS down
#repeat O OUTPUTS_${L}
#if !LINEAR_${L}
      d_u[${OUT_AT_${L}} + ${O}] *= slope(s[${OUT_AT_${L}} + ${O}]);
#endif
      g[${BIAS_AT_${L}} + ${O}] += d_u[${OUT_AT_${L}} + ${O}];
#repeat I INPUTS_${L}
      g[${WEIGHTS_AT_${L}} + ${O} * ${INPUTS_${L}} + ${I}] += d_u[${OUT_AT_${L}} + ${O}] * x[${IN_AT_${L}} + ${I}];
#endrepeat
#endrepeat
#if !FIRST_${L}
#repeat I INPUTS_${L}
      {
#include "shared/dense-backward-input.wgsl"
        d_u[${IN_AT_${L}} + ${I}] = d_x_i;
      }
#endrepeat
#endif
#endrepeat
    }
    for (var at = 0u; at < COUNT; at += CHUNK) {
      let end = min(at + CHUNK, COUNT);
      for (var k = at; k < end; k++) {
        partial[(k - at) * WORKGROUP + lane] = g[k];
      }
      workgroupBarrier();
      for (var k = at + lane; k < end; k += WORKGROUP) {
        var gradient = 0.0;
        for (var other = 0u; other < WORKGROUP; other++) {
          gradient += partial[(k - at) * WORKGROUP + other];
        }
        let moved = adam_step(vec3f(weights[k], first[own + k], second[own + k]), gradient, step);
        weights[k] = moved.x;
        first[own + k] = moved.y;
        second[own + k] = moved.z;
      }
      workgroupBarrier();
    }
  }
  for (var k = lane; k < COUNT; k += WORKGROUP) {
    parameters[own + k] = weights[k];
  }
}
