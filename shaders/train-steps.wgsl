// Trains small networks for many steps in one dispatch, each in a workgroup of its own: per step what gather-rows, dense-forward, activation-forward, noise,
// cross-entropy-backward or mean-squared-error-backward (LOSS), activation-backward, dense-backward-* and adam or sgd (OPTIMISER) do, and, where asked for,
// gram and orthonormal (ORTHONORMAL_l) or weight-norm-* (WEIGHT_NORM). Their heads give the formulas, the functions are shared.
//
// inputs  count x WIDTH     labels  count: of all networks
// schedule  networks x steps     order  networks x order_length: rows of the epoch
// parameters  networks x COUNT, laid out layer by layer, weights (outputs x inputs) before bias
// first (m, or the momentum's buffer), second (v; adam)  networks x TRAINED
// raw (WEIGHT_NORM)  networks x TRAINED: v in place of W, biases, and all gains g behind them; these are trained then, and parameters are what they
//   make of the network at the end. Else what is trained are the parameters, TRAINED = COUNT.
//
// Lanes share the rows of the batch, each with the weights, all activations of its row and all gradients in
// private memory at addresses known beforehand; once a step the lanes' gradients meet in workgroup memory, where each
// lane adds those of its parameters in lane order and takes the optimiser's step. Every sum has one fixed order.
// The text is unrolled by layer: INPUTS_l, OUTPUTS_l, WEIGHTS_AT_l, BIAS_AT_l; a row's activations lie in `s` and, with their noise of NOISE_STD_l (0: none),
// in `x` at IN_AT_l and OUT_AT_l, layers padded to quads so that noise is written four at a time.
// With weight normalisation a lane owns neurons: it makes their weights before the rows, and their raw gradients behind them. Regularised
// matrices take their step when all lanes have taken the optimiser's: products first, then lines, a lane each.
// f32: as in the kernels it stands for; a gradient sums rows / WORKGROUP terms a lane.
const WORKGROUP = ${WORKGROUP}u;
const COUNT = ${COUNT}u;
const TRAINED = ${TRAINED}u;
const ROW = ${ROW}u;
// gradients that meet in workgroup memory at a time
const CHUNK = ${CHUNK}u;

struct Params {
  networks: u32,
  steps: u32,
  order_length: u32,
  stream: u32,
  beta1: f32,
  beta2: f32,
  one_minus_beta1: f32,
  one_minus_beta2: f32,
  epsilon: f32,
  momentum: f32,
  weight_decay: f32,
  orthonormal_rate: f32,
}

#include "shared/step.wgsl"

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> schedule: array<Step>;
@group(0) @binding(2) var<storage, read> order: array<u32>;
@group(0) @binding(3) var<storage, read> inputs: array<f32>;
@group(0) @binding(4) var<storage, read> labels: array<u32>;
@group(0) @binding(5) var<storage, read_write> parameters: array<f32>;
@group(0) @binding(6) var<storage, read_write> first: array<f32>;
#if OPTIMISER == adam
@group(0) @binding(7) var<storage, read_write> second: array<f32>;
#endif
#if WEIGHT_NORM
@group(0) @binding(8) var<storage, read_write> raw: array<f32>;
#endif

var<workgroup> weights: array<f32, TRAINED>;
var<workgroup> partial: array<f32, CHUNK * WORKGROUP>;
#if WEIGHT_NORM
// W and b that the raw weights make, then their gradients
var<workgroup> effective: array<f32, COUNT>;
#endif
#if ORTHONORMAL
var<workgroup> grams: array<f32, ${GRAMS}>;
#endif

#include "shared/noise.wgsl"
#include "shared/activation.wgsl"
#if LOSS == mse
#include "shared/mean-squared-error.wgsl"
#else
#include "shared/cross-entropy.wgsl"
#endif
#if ORTHONORMAL
#let WEIGHTS weights
#let GRAM grams
#include "shared/gram.wgsl"
#include "shared/orthonormal.wgsl"
#endif
#if WEIGHT_NORM
#let RAW weights
#let D_W effective
#include "shared/weight-norm.wgsl"

fn neuron_weights(at: u32, inputs: u32, bias_at: u32, gain_at: u32) {
  let scale = weights[gain_at] / row_norm(at, inputs);
  for (var i = 0u; i < inputs; i++) {
    effective[at + i] = scale * weights[at + i];
  }
  effective[bias_at] = weights[bias_at];
}

fn all_weights(lane: u32) {
#repeat L LAYERS
  for (var o = lane; o < ${OUTPUTS_${L}}u; o += WORKGROUP) {
    neuron_weights(${WEIGHTS_AT_${L}}u + o * ${INPUTS_${L}}u, ${INPUTS_${L}}u, ${BIAS_AT_${L}}u + o, ${GAINS_AT_${L}}u + o);
  }
#endrepeat
  workgroupBarrier();
}
#endif
#if OPTIMISER == sgd
#include "shared/sgd.wgsl"

fn optimise(own: u32, k: u32, gradient: f32, step: Step) {
  let moved = sgd_step(vec2f(weights[k], first[own + k]), gradient, step);
  weights[k] = moved.x;
  first[own + k] = moved.y;
}
#else
#include "shared/adam.wgsl"

fn optimise(own: u32, k: u32, gradient: f32, step: Step) {
  let moved = adam_step(vec3f(weights[k], first[own + k], second[own + k]), gradient, step);
  weights[k] = moved.x;
  first[own + k] = moved.y;
  second[own + k] = moved.z;
}
#endif
#if WEIGHT_NORM

fn optimise_neuron(own: u32, at: u32, inputs: u32, bias_at: u32, gain_at: u32, step: Step) {
  let gain = weights[gain_at];
  let norm = row_norm(at, inputs);
  let d_g = gain_gradient(at, inputs, norm);
  for (var i = 0u; i < inputs; i++) {
    optimise(own, at + i, direction_gradient(effective[at + i], weights[at + i], gain, norm, d_g), step);
  }
  optimise(own, bias_at, effective[bias_at], step);
  optimise(own, gain_at, d_g, step);
}
#endif

// what the included statements work on
alias Row = f32;
#let PARAMETERS w
#let X x
#let D_U d_u
#let LOGITS x

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let network = group.x;
  let own = network * TRAINED;
  for (var k = lane; k < TRAINED; k += WORKGROUP) {
    weights[k] = ${TRAINED_BUFFER}[own + k];
  }
  workgroupBarrier();
  for (var n = 0u; n < params.steps; n++) {
    let step = schedule[network * params.steps + n];
#if WEIGHT_NORM
    all_weights(lane);
#endif
    var w: array<f32, COUNT>;
    var g: array<f32, COUNT>;
    for (var k = 0u; k < COUNT; k++) {
      w[k] = ${USED_WEIGHTS}[k];
      g[k] = 0.0;
    }
#if LOSS == mse
    let scale = 1.0 / f32(step.rows * ${CLASSES}u);
#else
    let scale = 1.0 / f32(step.rows);
#endif
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
#if NOISE_STD_${L}
        let z = noise_quad(row, ${Q}u, ${QUADS_${L}}u, ${L}u + 1u, ${NOISE_STD_${L}}, step);
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
#if LOSS == mse
#repeat C CLASSES
      d_u[${LOGITS_AT} + ${C}] = squared_error_gradient(x[${LOGITS_AT} + ${C}], label == ${C}) * scale;
#endrepeat
#else
#include "shared/softmax.wgsl"
#repeat C CLASSES
      d_u[${LOGITS_AT} + ${C}] = cross_entropy_gradient(x[${LOGITS_AT} + ${C}], label == ${C}, largest, sum) * scale;
#endrepeat
#endif
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
#if WEIGHT_NORM
        effective[k] = gradient;
#else
        optimise(own, k, gradient, step);
#endif
      }
      workgroupBarrier();
    }
#if WEIGHT_NORM
#repeat L LAYERS
    for (var o = lane; o < ${OUTPUTS_${L}}u; o += WORKGROUP) {
      let at = ${WEIGHTS_AT_${L}}u + o * ${INPUTS_${L}}u;
      optimise_neuron(own, at, ${INPUTS_${L}}u, ${BIAS_AT_${L}}u + o, ${GAINS_AT_${L}}u + o, step);
    }
#endrepeat
    workgroupBarrier();
#endif
#if ORTHONORMAL
#repeat L LAYERS
#if ORTHONORMAL_${L}
    let a${L} = Matrix(${WEIGHTS_AT_${L}}u, ${SHORT_${L}}u, ${LONG_${L}}u, ${SHORT_STRIDE_${L}}u, ${LONG_STRIDE_${L}}u);
    for (var k = lane; k < ${SHORT_${L}}u * ${SHORT_${L}}u; k += WORKGROUP) {
      grams[${GRAM_AT_${L}}u + k] = gram_product(a${L}, k / ${SHORT_${L}}u, k % ${SHORT_${L}}u);
    }
#endif
#endrepeat
    workgroupBarrier();
#repeat L LAYERS
#if ORTHONORMAL_${L}
    for (var q = lane; q < ${LONG_${L}}u; q += WORKGROUP) {
      orthonormalise(a${L}, ${GRAM_AT_${L}}u, q, params.orthonormal_rate);
    }
#endif
#endrepeat
    workgroupBarrier();
#endif
  }
#if WEIGHT_NORM
  for (var k = lane; k < TRAINED; k += WORKGROUP) {
    raw[own + k] = weights[k];
  }
  all_weights(lane);
#endif
  for (var k = lane; k < COUNT; k += WORKGROUP) {
    parameters[network * COUNT + k] = ${USED_WEIGHTS}[k];
  }
}
