// Noisy rows through several small layers at once: S of every layer above the one that `source` holds, as noise, dense-forward and
// activation-forward give it a layer at a time (their heads say how precisely; the texts are shared).
//
// source  sources x INPUTS_0: S of the layer below, without its noise; row r stands on source row source_first + r / repeat
// kept_1, kept_2, ..  rows x width: S of the layers that are wanted, that of layer l in number KEPT_l (0: not wanted)
// Noise is that of shared/noise.wgsl: layer l of this text is layer first_layer + l of the network, its input carries the noise of the
// layer below, of standard deviation NOISE_STD_l (0: none), and rows are counted from first_row.
//
// One invocation owns every so many rows, the parameters and a row's values in private memory at addresses known beforehand. The text
// is written out by layer; in `x` a layer's input lies at IN_AT_l, its S at OUT_AT_l.
const WORKGROUP = ${WORKGROUP}u;
const FIRST = ${FIRST}u;
const COUNT = ${COUNT}u;

struct Params {
  rows: u32,
  repeat: u32,
  source_first: u32,
  first_row: u32,
  first_layer: u32,
  stream: u32,
}

#include "shared/step.wgsl"

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> step: Step;
@group(0) @binding(2) var<storage, read> parameters: array<f32>;
@group(0) @binding(3) var<storage, read> source: array<f32>;
#repeat L LAYERS
#if KEPT_${L}
@group(0) @binding(${BINDING_${L}}) var<storage, read_write> kept_${KEPT_${L}}: array<f32>;
#endif
#endrepeat

#include "shared/index.wgsl"
#include "shared/noise.wgsl"
#include "shared/activation.wgsl"

// what the included statements work on
alias Row = f32;
#let PARAMETERS w
#let X x

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  var w: array<f32, COUNT>;
  for (var k = 0u; k < COUNT; k++) {
    w[k] = parameters[FIRST + k];
  }
  let draw = step;
  for (var row = line_index(id, groups); row < params.rows; row += groups.x * groups.y * WORKGROUP) {
    var x: array<f32, ${ROW}>;
    let source_at = (params.source_first + row / params.repeat) * ${INPUTS_0};
#repeat I INPUTS_0
    x[${I}] = source[source_at + ${I}];
#endrepeat
#repeat L LAYERS
#if NOISE_STD_${L}
#repeat Q QUADS_${L}
    {
      let z = noise_quad(params.first_row + row, ${Q}, ${QUADS_${L}}, params.first_layer + ${L} - 1, ${NOISE_STD_${L}}, draw);
#let AT ${IN_AT_${L}} + 4 * ${Q}
      x[${AT}] += z.x;
      x[${AT} + 1] += z.y;
      x[${AT} + 2] += z.z;
      x[${AT} + 3] += z.w;
    }
#endrepeat
#endif
#repeat O OUTPUTS_${L}
    {
#include "shared/dense.wgsl"
#if LINEAR_${L}
      let s_o = u_o;
#else
      let s_o = activate(u_o);
#endif
      x[${OUT_AT_${L}} + ${O}] = s_o;
#if KEPT_${L}
      kept_${KEPT_${L}}[row * ${OUTPUTS_${L}} + ${O}] = s_o;
#endif
    }
#endrepeat
#endrepeat
  }
}
