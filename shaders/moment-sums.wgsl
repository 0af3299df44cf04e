// Sums of Gaussian kernels over centers that lie so close together that their moments stand for them (METHOD 2.2). About a node's
// middle c_0, with v = (c - c_0) / beta for each of its centers and r = (y - c_0) / beta for a query y = s + z,
//   sum over c of w exp( -(|y - c|^2 - |z|^2) / 2 beta^2 ) = e_0 sum over c of w exp( r.v - |v|^2 / 2 )
//                                                          ~ e_0 sum over a of M_a r^a      M_a = sum over c of w exp(-|v|^2 / 2) v^a / a!
// with e_0 = exp( -scale t.(t + 2z) ), t = s - c_0, and a running through the TERMS multi-indices below some degree. Each monomial r^a
// is an earlier one times a coordinate: r^a = r^PARENT[a] r_AXIS[a]; the first is 1. What is left out is bounded where nodes are
// listed (src/summation/moments.ts).
//
// queries, query_tags, work, sums: as in shaders/tile-sums.wgsl, which runs before; the sums are added to.
// nodes  rows of DIMENSION (SPLIT: and again for the low parts) + 1 + COLUMNS x TERMS numbers: c_0, label, moments of each column
// All centers of a node are counted, those of the query's own input too: the host takes these out again.
//
// One workgroup owns one block, one lane four of its queries at a time.
// f32: |r| is at most some 15 where e_0 matters and r.v far below 1, so monomials stay small and the sum is led by its first term.
const WORKGROUP = ${WORKGROUP}u;
const DIMENSION = ${DIMENSION}u;
const COLUMNS = ${COLUMNS}u;
const KINDS = ${KINDS}u;
const TERMS = ${TERMS}u;
const PARENT = array<u32, TERMS>(${PARENTS});
const AXIS = array<u32, TERMS>(${AXES});
#if SPLIT
const PARTS = 2u;
#else
const PARTS = 1u;
#endif
const QUERY = DIMENSION * (PARTS + 1u);
const LABEL = DIMENSION * PARTS;
const NODE = LABEL + 1u + COLUMNS * TERMS;

struct Params {
  blocks: u32,
  capacity: u32,
  scale: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> queries: array<vec4f>;
@group(0) @binding(2) var<storage, read> query_tags: array<vec4u>;
@group(0) @binding(3) var<storage, read> nodes: array<f32>;
@group(0) @binding(4) var<storage, read> work: array<u32>;
@group(0) @binding(5) var<storage, read_write> sums: array<vec4f>;

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
  let list_at = work[place * 6u + 3u];
  let count = work[place * 6u + 4u];
  let vectors = params.capacity / 4u;
  let first_vector = work[place * 6u] * vectors;
  let to_noise = sqrt(2.0 * params.scale);
  // lanes past the last vector leave: here sums are added to, and none may be added to twice
  for (var turn = lane; count > 0u && turn < vectors; turn += WORKGROUP) {
    let vector = first_vector + turn;
    let label = query_tags[vector * 2u + 1u];
    var sum = array<vec4f, COLUMNS * KINDS>();
    var r: array<vec4f, DIMENSION>;
    var power: array<vec4f, TERMS>;
    for (var i = 0u; i < count; i++) {
      let at = work[list_at + i] * NODE;
      var dot = vec4f();
      for (var k = 0u; k < DIMENSION; k++) {
        let z2 = queries[vector * QUERY + DIMENSION * PARTS + k];
#if SPLIT
        let t = (queries[vector * QUERY + k] - nodes[at + k])
          + (queries[vector * QUERY + DIMENSION + k] - nodes[at + DIMENSION + k]);
#else
        let t = queries[vector * QUERY + k] - nodes[at + k];
#endif
        dot += t * (t + z2);
        r[k] = (t + 0.5 * z2) * to_noise;
      }
      power[0] = exp(-params.scale * dot);
#repeat A TERMS
      if (${A}u > 0u) {
        power[${A}u] = power[PARENT[${A}u]] * r[AXIS[${A}u]];
      }
#endrepeat
#if KINDS == 2
      let same = label == vec4u(u32(nodes[at + LABEL]));
#endif
      for (var b = 0u; b < COLUMNS; b++) {
        let moments_at = at + LABEL + 1u + b * TERMS;
        var total = vec4f();
#repeat A TERMS
        total += nodes[moments_at + ${A}u] * power[${A}u];
#endrepeat
#if KINDS == 2
        sum[2u * b] += select(vec4f(), total, same);
        sum[2u * b + 1u] += select(total, vec4f(), same);
#else
        sum[b] += total;
#endif
      }
    }
    for (var j = 0u; j < COLUMNS * KINDS; j++) {
      sums[vector * COLUMNS * KINDS + j] += sum[j];
    }
  }
}
