// Sums of Gaussian kernels over the query's own input (METHOD 2.1). For a query y = s + z and center c,
//   exponent = -(|y - c|^2 - |z|^2) / 2 beta^2 = -scale t.(t + 2z)      t = s - c, scale = 1 / 2 beta^2
// so that the query's own center gives exp(0) = 1 exactly. Differences are taken between raw coordinates, where neighbours
// cancel exactly, and scaled afterwards; |y|^2 + |c|^2 - 2 y.c would lose all of it.
//
// A block is the `queries` queries of one input: batches x Q of them.
//   query_s, query_z  inputs x queries x DIMENSION: the sample the query stands on, and its noise
//   centers  blocks of this chunk x batches x share x DIMENSION: the input's own replicas
//   sums[block, q, b]  over the `share` own replicas of batch b
//
// A turn takes 4 GROUPS queries into registers, four to a vector, so that a center read once serves all queries of the turn, and every
// batch has its own sums. ALONE: one invocation owns one block. Otherwise one workgroup does: lanes stride over the replicas of a batch;
// then, batch by batch, four lanes add what all lanes have. Every sum has one fixed order.
// f32: a lane adds in parts of 32 steps, see src/information/rounding.ts for the bound on the sum's error; an exponent is at
// most |z|^2 / 2 beta^2, and as exp(exponent) has mean 1 over z, the chance that one of n pairs has more than 80 is below n e^-80.
const WORKGROUP = ${WORKGROUP}u;
const DIMENSION = ${DIMENSION}u;
const GROUPS = ${GROUPS}u;
// lanes that share a block
#if ALONE
const TEAM = 1u;
#else
const TEAM = WORKGROUP;
#endif
const PART = 32u * TEAM;

struct Params {
  blocks: u32,
  first_block: u32,
  queries: u32,
  batches: u32,
  share: u32,
  scale: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> query_s: array<f32>;
@group(0) @binding(2) var<storage, read> query_z: array<f32>;
@group(0) @binding(3) var<storage, read> centers: array<f32>;
@group(0) @binding(4) var<storage, read_write> sums: array<f32>;

#if ALONE
#include "shared/index.wgsl"
#else
// what each lane added up, for two batches in turn: one is written while the other is still being read
var<workgroup> partial: array<vec4f, 2u * GROUPS * WORKGROUP>;

// the sum over lanes of component `lane` (0 to 3) of group `group`
fn add_lanes(side: u32, group: u32, lane: u32) -> f32 {
  let first = (side * GROUPS + group) * WORKGROUP;
  var total = 0.0;
  for (var i = 0u; i < WORKGROUP; i++) {
    total += partial[first + i][lane];
  }
  return total;
}
#endif

// four numbers of four queries' rows
fn four(values: ptr<storage, array<f32>, read>, at: vec4u) -> vec4f {
  return vec4f((*values)[at.x], (*values)[at.y], (*values)[at.z], (*values)[at.w]);
}

@compute @workgroup_size(WORKGROUP)
#if ALONE
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let place = line_index(id, groups);
  let lane = 0u;
#else
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32
) {
  let place = group.y * groups.x + group.x;
#endif
  if (place >= params.blocks) {
    return;
  }
  let first_query = (params.first_block + place) * params.queries;
  let last_query = first_query + params.queries - 1u;
  for (var q = 0u; q < params.queries; q += 4u * GROUPS) {
#repeat G GROUPS
    let query${G} = first_query + q + 4u * ${G}u;
    let at${G} = min(vec4u(query${G}, query${G} + 1u, query${G} + 2u, query${G} + 3u), vec4u(last_query)) * DIMENSION;
#if UNROLLED
#repeat K DIMENSION
    let s${G}_${K} = four(&query_s, at${G} + ${K}u);
    let z${G}_${K} = 2.0 * four(&query_z, at${G} + ${K}u);
#endrepeat
#endif
#endrepeat
    for (var b = 0u; b < params.batches; b++) {
      let first_center = (place * params.batches + b) * params.share;
#repeat G GROUPS
      var sum${G} = vec4f();
#endrepeat
      for (var start = 0u; start < params.share; start += PART) {
#repeat G GROUPS
        var part${G} = vec4f();
#endrepeat
        for (var i = start + lane; i < min(start + PART, params.share); i += TEAM) {
          let center_at = (first_center + i) * DIMENSION;
#repeat G GROUPS
          var dot${G} = vec4f();
#endrepeat
#if UNROLLED
#repeat K DIMENSION
          let c${K} = centers[center_at + ${K}u];
#repeat G GROUPS
          let t${G}_${K} = s${G}_${K} - c${K};
          dot${G} += t${G}_${K} * (t${G}_${K} + z${G}_${K});
#endrepeat
#endrepeat
#else
          for (var k = 0u; k < DIMENSION; k++) {
            let c = centers[center_at + k];
#repeat G GROUPS
            let t${G} = four(&query_s, at${G} + k) - c;
            dot${G} += t${G} * (t${G} + 2.0 * four(&query_z, at${G} + k));
#endrepeat
          }
#endif
#repeat G GROUPS
          part${G} += exp(-params.scale * dot${G});
#endrepeat
        }
#repeat G GROUPS
        sum${G} += part${G};
#endrepeat
      }
#if ALONE
#repeat G GROUPS
#let FOUR 4
#repeat K FOUR
      if (query${G} + ${K} <= last_query) {
        sums[(query${G} + ${K}) * params.batches + b] = sum${G}[${K}];
      }
#endrepeat
#endrepeat
#else
#repeat G GROUPS
      partial[((b % 2u) * GROUPS + ${G}u) * WORKGROUP + lane] = sum${G};
#endrepeat
      workgroupBarrier();
      if (lane < 4u) {
#repeat G GROUPS
        if (query${G} + lane <= last_query) {
          sums[(query${G} + lane) * params.batches + b] = add_lanes(b % 2u, ${G}u, lane);
        }
#endrepeat
      }
#endif
    }
#if !ALONE
    // where one batch leaves no second side to alternate with
    workgroupBarrier();
#endif
  }
}
