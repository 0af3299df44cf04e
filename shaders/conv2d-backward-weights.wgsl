// d_W += sum of d_u x over rows and pixels, d_b += sum of d_u, inside `gradients` (laid out as the parameters are):
// d_W(f, c, ky, kx) += sum over rows, y, x of d_u(f, y, x) x(c, stride y + ky - padding, stride x + kx - padding).
//
// x  rows x channels x height x width     d_u  rows x filters x out_height x out_width
// One workgroup owns the kernels of four filters in one channel, and with channel 0 their biases. The output is cut into strips
// TILE_WIDTH pixels wide; every lane runs down its strips, its sums in registers, and the lanes' sums are added one after the other:
// nothing else is shared, so the order of the sum is fixed. As in shared/correlate.wgsl, what is loaded serves often: the window
// holds the rows of x that a row of d_u meets, and moves down by STEP (the stride) for the next.
// f32: error at most (rows out_height out_width + 1) 2^-24 sum |d_u x|.
const WORKGROUP = ${WORKGROUP}u;
const TILE_WIDTH = ${TILE_WIDTH}u;

struct Params {
  rows: u32,
  channels: u32,
  height: u32,
  width: u32,
  filters: u32,
  kernel: u32,
  stride: u32,
  padding: u32,
  weights_at: u32,
  bias_at: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> d_u: array<f32>;
@group(0) @binding(3) var<storage, read_write> gradients: array<f32>;

#include "shared/conv2d.wgsl"
#include "shared/source-pixel.wgsl"

// a row of taps of every lane
var<workgroup> lane_sums: array<vec4f, WORKGROUP * KERNEL>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) id: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let pair = id.y * groups.x + id.x;
  let channel = pair % params.channels;
  let planes = pair / params.channels * 4u + vec4u(0u, 1u, 2u, 3u);
  let filters = min(planes, vec4u(params.filters - 1u));
  let size = convolved_size();
  let strips = (size.y + TILE_WIDTH - 1u) / TILE_WIDTH;
  var window: array<f32, KERNEL * ${WINDOW_WIDTH}>;
  var d: array<vec4f, TILE_WIDTH>;
  var sums: array<vec4f, KERNEL * KERNEL>;
  var bias = vec4f();
#let SOURCE x
#let SOURCE_HEIGHT params.height
#let SOURCE_WIDTH params.width
  for (var strip = lane; strip < params.rows * strips; strip += WORKGROUP) {
    let row = strip / strips;
    let left = strip % strips * TILE_WIDTH;
    let source_at = (row * params.channels + channel) * params.height * params.width;
    let source_left = ${STEP} * left;
    for (var source_row = 0u; source_row + ${STEP} < KERNEL; source_row++) {
#include "shared/window-row.wgsl"
    }
    for (var y = 0u; y < size.x; y++) {
      for (var turn = 0u; turn < ${STEP}; turn++) {
        // a kernel smaller than the stride begins with rows that are not there, and moves past them
        let source_row = ${STEP} * y + KERNEL + turn - ${STEP};
#include "shared/window-row.wgsl"
      }
      let at = ((row * params.filters + filters) * size.x + y) * size.y + left;
#repeat X TILE_WIDTH
      d[${X}] = vec4f(d_u[at.x + ${X}], d_u[at.y + ${X}], d_u[at.z + ${X}], d_u[at.w + ${X}]);
#if ZEROS
      d[${X}] = select(vec4f(), d[${X}], left + ${X} < size.y);
#endif
      bias += d[${X}];
#endrepeat
#repeat KY KERNEL
#repeat KX KERNEL
      sums[${KY} * KERNEL + ${KX}] =
#repeat X TILE_WIDTH down
        fma(d[${X}], vec4f(window[${KY} * ${WINDOW_WIDTH} + ${STEP} * ${X} + ${KX}]),
#endrepeat
        sums[${KY} * KERNEL + ${KX}]
#repeat X TILE_WIDTH
        )
#endrepeat
        ;
#endrepeat
#endrepeat
    }
  }
  for (var ky = 0u; ky < KERNEL; ky++) {
#repeat KX KERNEL
    lane_sums[lane * KERNEL + ${KX}] = sums[${KX}];
#endrepeat
    workgroupBarrier();
    for (var kx = lane; kx < KERNEL; kx += WORKGROUP) {
      let sum = sum_of_lanes(kx);
      for (var k = 0u; k < 4u; k++) {
        if (planes[k] < params.filters) {
          let weight = ((planes[k] * params.channels + channel) * KERNEL + ky) * KERNEL + kx;
          gradients[params.weights_at + weight] += sum[k];
        }
      }
    }
    workgroupBarrier();
#repeat I SUMS_KEPT
    sums[${I}] = sums[${I} + KERNEL];
#endrepeat
  }
  lane_sums[lane * KERNEL] = bias;
  workgroupBarrier();
  if (lane == 0u && channel == 0u) {
    let sum = sum_of_lanes(0u);
    for (var k = 0u; k < 4u; k++) {
      if (planes[k] < params.filters) {
        gradients[params.bias_at + planes[k]] += sum[k];
      }
    }
  }
}

fn sum_of_lanes(kx: u32) -> vec4f {
  var sum = vec4f();
  for (var lane = 0u; lane < WORKGROUP; lane++) {
    sum += lane_sums[lane * KERNEL + kx];
  }
  return sum;
}
