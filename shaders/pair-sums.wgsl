// Sums of Gaussian kernels, the work that the whole tool waits for (METHOD 2.1). For a query y = s + z and center c,
//   exponent = -(|y - c|^2 - |z|^2) / 2 beta^2 = -scale t.(t + 2z)      t = s - c, scale = 1 / 2 beta^2
// so that the query's own center gives exp(0) = 1 exactly. Differences are taken between raw coordinates, where neighbours
// cancel exactly, and scaled afterwards; |y|^2 + |c|^2 - 2 y.c would lose all of it.
//
// A block is the `queries` queries of one input: batches x Q of them.
//   query_s, query_z  inputs x queries x DIMENSION: the sample the query stands on, and its noise
// OWN: sums[block, q, b] over the `share` own replicas of batch b of the block's input
//   centers  blocks of this chunk x batches x share x DIMENSION
// else: sums[block, q, b, 0 | 1] over the `share` replicas of batch b of every listed tile of the same | another label
//   centers  tiles x batches x share x DIMENSION     list  tiles     kept  blocks of this chunk x 4: where the
//   block's tiles of its own label begin in the list and how many there are, then the same of other labels
//
// One workgroup owns one block: a pass takes 4 GROUPS queries into registers, four to a vector, and lanes stride over the tiles (OWN:
// over the replicas of a batch), so that a center read once serves all queries of the pass and every batch has its own sums; then,
// batch by batch, four lanes add what all lanes have. Every sum has one fixed order.
// f32: a lane adds in parts of 32 steps, see src/information/rounding.ts for the bound on the sum's error; exponents are at most |z|^2 / 2 beta^2, harmless below DIMENSION 64.
const WORKGROUP = ${WORKGROUP}u;
const DIMENSION = ${DIMENSION}u;
const GROUPS = ${GROUPS}u;
const BATCHES = ${BATCHES}u;
#if OWN
const KINDS = 1u;
#else
const KINDS = 2u;
#endif
const PART = 32u * WORKGROUP;

struct Params {
  blocks: u32,
  first_block: u32,
  queries: u32,
  share: u32,
  scale: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> query_s: array<f32>;
@group(0) @binding(2) var<storage, read> query_z: array<f32>;
@group(0) @binding(3) var<storage, read> centers: array<f32>;
@group(0) @binding(4) var<storage, read_write> sums: array<f32>;
#if !OWN
@group(0) @binding(5) var<storage, read> list: array<u32>;
@group(0) @binding(6) var<storage, read> kept: array<u32>;
#endif

// what each lane added up, for two runs in turn: one is written while the other is still being read
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

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32
) {
  let place = group.y * groups.x + group.x;
  if (place >= params.blocks) {
    return;
  }
  let first_query = (params.first_block + place) * params.queries;
  let last_query = first_query + params.queries - 1u;
  for (var q = 0u; q < params.queries; q += 4u * GROUPS) {
#repeat G GROUPS
    let query${G} = first_query + q + 4u * ${G}u;
    let at${G} = min(vec4u(query${G}, query${G} + 1u, query${G} + 2u, query${G} + 3u), vec4u(last_query)) * DIMENSION;
#repeat K DIMENSION
    let s${G}_${K} = vec4f(
      query_s[at${G}.x + ${K}u], query_s[at${G}.y + ${K}u], query_s[at${G}.z + ${K}u], query_s[at${G}.w + ${K}u]
    );
    let z${G}_${K} = 2.0 * vec4f(
      query_z[at${G}.x + ${K}u], query_z[at${G}.y + ${K}u], query_z[at${G}.z + ${K}u], query_z[at${G}.w + ${K}u]
    );
#endrepeat
#endrepeat
    for (var kind = 0u; kind < KINDS; kind++) {
#if OWN
      let count = params.share;
#else
      let list_at = kept[place * 4u + 2u * kind];
      let count = kept[place * 4u + 2u * kind + 1u];
#endif
#repeat B BATCHES
#repeat G GROUPS
      var sum${B}_${G} = vec4f();
#endrepeat
#endrepeat
      for (var start = 0u; start < count; start += PART) {
#repeat B BATCHES
#repeat G GROUPS
        var part${B}_${G} = vec4f();
#endrepeat
#endrepeat
        for (var i = start + lane; i < min(start + PART, count); i += WORKGROUP) {
#if OWN
          let first_center = place * BATCHES * params.share + i;
          {
#else
          let tile_at = list[list_at + i] * BATCHES * params.share;
          for (var first_center = tile_at; first_center < tile_at + params.share; first_center++) {
#endif
#repeat B BATCHES
            {
              let center_at = (first_center + ${B}u * params.share) * DIMENSION;
#repeat G GROUPS
              var dot${G} = vec4f();
#endrepeat
#repeat K DIMENSION
              let c${K} = centers[center_at + ${K}u];
#repeat G GROUPS
              let t${G}_${K} = s${G}_${K} - c${K};
              dot${G} += t${G}_${K} * (t${G}_${K} + z${G}_${K});
#endrepeat
#endrepeat
#repeat G GROUPS
              part${B}_${G} += exp(-params.scale * dot${G});
#endrepeat
            }
#endrepeat
          }
        }
#repeat B BATCHES
#repeat G GROUPS
        sum${B}_${G} += part${B}_${G};
#endrepeat
#endrepeat
      }
#repeat B BATCHES
#repeat G GROUPS
      partial[((${B}u % 2u) * GROUPS + ${G}u) * WORKGROUP + lane] = sum${B}_${G};
#endrepeat
      workgroupBarrier();
      if (lane < 4u) {
#repeat G GROUPS
        if (query${G} + lane <= last_query) {
          sums[((query${G} + lane) * BATCHES + ${B}u) * KINDS + kind] = add_lanes(${B}u % 2u, ${G}u, lane);
        }
#endrepeat
      }
#endrepeat
      // where one batch leaves no second side to alternate with
      workgroupBarrier();
    }
  }
}
