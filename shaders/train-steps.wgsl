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
// The text is unrolled by layer: INPUTS_l, OUTPUTS_l, WEIGHTS_AT_l, BIAS_AT_l; a row's activations lie in `t` and `s` at IN_AT_l and OUT_AT_l,
// layers padded to quads so that noise is written four at a time.
// f32: as in the kernels it stands for; a gradient sums rows / WORKGROUP terms a lane.
const WORKGROUP = ${WORKGROUP}u;
const COUNT = ${COUNT}u;
const CLASSES = ${CLASSES}u;
const LOGITS_AT = ${LOGITS_AT}u;
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

#include "shared/philox.wgsl"
#include "shared/gaussian.wgsl"
#include "shared/activation.wgsl"
#include "shared/adam.wgsl"

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
    let key = vec2u(step.seed_low, step.seed_high);
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
      var t: array<f32, ROW>;
      var d: array<f32, ROW>;
#repeat I INPUTS_0
      t[${I}u] = inputs[source * ${INPUTS_0}u + ${I}u];
#endrepeat
#repeat L LAYERS
#repeat O OUTPUTS_${L}
      {
        var u = w[${BIAS_AT_${L}}u + ${O}u];
#repeat I INPUTS_${L}
        u += w[${WEIGHTS_AT_${L}}u + ${O}u * ${INPUTS_${L}}u + ${I}u] * t[${IN_AT_${L}}u + ${I}u];
#endrepeat
#if LINEAR_${L}
        s[${OUT_AT_${L}}u + ${O}u] = u;
#else
        s[${OUT_AT_${L}}u + ${O}u] = activate(u);
#endif
      }
#endrepeat
#repeat Q QUADS_${L}
      {
        let at = ${OUT_AT_${L}}u + 4u * ${Q}u;
#if NOISY_${L}
        let z = params.noise_std * gaussians(philox(vec4u(row * ${QUADS_${L}}u + ${Q}u, ${L}u + 1u, step.noise_step, params.stream), key));
#else
        let z = vec4f();
#endif
        t[at] = s[at] + z.x;
        t[at + 1u] = s[at + 1u] + z.y;
        t[at + 2u] = s[at + 2u] + z.z;
        t[at + 3u] = s[at + 3u] + z.w;
      }
#endrepeat
#endrepeat
      // softmax cross-entropy: the largest logit is taken out first
      var largest = t[LOGITS_AT];
      for (var c = 1u; c < CLASSES; c++) {
        largest = max(largest, t[LOGITS_AT + c]);
      }
      var sum = 0.0;
      for (var c = 0u; c < CLASSES; c++) {
        d[LOGITS_AT + c] = exp(t[LOGITS_AT + c] - largest);
        sum += d[LOGITS_AT + c];
      }
      for (var c = 0u; c < CLASSES; c++) {
        d[LOGITS_AT + c] = (d[LOGITS_AT + c] / sum - select(0.0, 1.0, c == label)) * scale;
      }
#repeat L LAYERS down
#if !FIRST_${L}
#repeat I INPUTS_${L}
      d[${IN_AT_${L}}u + ${I}u] = 0.0;
#endrepeat
#endif
#repeat O OUTPUTS_${L}
      {
#if LINEAR_${L}
        let d_u = d[${OUT_AT_${L}}u + ${O}u];
#else
        let d_u = d[${OUT_AT_${L}}u + ${O}u] * slope(s[${OUT_AT_${L}}u + ${O}u]);
#endif
        g[${BIAS_AT_${L}}u + ${O}u] += d_u;
#repeat I INPUTS_${L}
        g[${WEIGHTS_AT_${L}}u + ${O}u * ${INPUTS_${L}}u + ${I}u] += d_u * t[${IN_AT_${L}}u + ${I}u];
#if !FIRST_${L}
        d[${IN_AT_${L}}u + ${I}u] += d_u * w[${WEIGHTS_AT_${L}}u + ${O}u * ${INPUTS_${L}}u + ${I}u];
#endif
#endrepeat
      }
#endrepeat
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
