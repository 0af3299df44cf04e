// Sums of Gaussian kernels, the work that the whole tool waits for (SCIENCE 2.1). For a query y = s + z and center c,
//   exponent = -(|y - c|^2 - |z|^2) / 2 beta^2 = -scale t.(t + 2z)      t = s - c, scale = 1 / 2 beta^2
// so that the query's own center gives exp(0) = 1 exactly. Differences are taken between raw coordinates, where neighbours
// cancel exactly, and scaled afterwards; |y|^2 + |c|^2 - 2 y.c would lose all of it.
//
// A block is the `queries` queries of one input: batches x Q of them.
//   query_s, query_z  inputs x queries x DIMENSION: the sample the query stands on, and its noise
// OWN: sums[block, q, b] over the `share` own replicas of batch b of the block's input
//   centers  blocks of this chunk x batches x share x DIMENSION
// else: sums[block, q, b, 0 | 1] over the `share` replicas of batch b of every listed tile of the same | another label
//   centers  tiles x batches x share x DIMENSION     list  blocks of this chunk x tiles     kept  blocks of this chunk x 2
//
// One workgroup owns one block: a pass takes four queries into registers, lanes stride over the centers, and a tree in
// workgroup memory adds the lanes. Every sum has one fixed order.
// f32: sums run in parts of 32, so their error is at most (32 + n / (32 WORKGROUP) + log2 WORKGROUP) 2^-24 relative; exponents are
// at most |z|^2 / 2 beta^2, harmless below DIMENSION 64.
const WORKGROUP = ${WORKGROUP}u;
const DIMENSION = ${DIMENSION}u;
const PART = 32u * WORKGROUP;

struct Params {
  blocks: u32,
  first_block: u32,
  queries: u32,
  batches: u32,
  share: u32,
  tiles: u32,
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

var<workgroup> partial: array<vec4f, WORKGROUP>;

// the four queries of this pass, one a component
#repeat K DIMENSION
var<private> s${K}: vec4f;
var<private> z${K}: vec4f;
#endrepeat

fn take_queries(first: u32, last: u32) {
  let at = min(vec4u(first, first + 1u, first + 2u, first + 3u), vec4u(last)) * DIMENSION;
#repeat K DIMENSION
  s${K} = vec4f(query_s[at.x + ${K}u], query_s[at.y + ${K}u], query_s[at.z + ${K}u], query_s[at.w + ${K}u]);
  z${K} = 2.0 * vec4f(query_z[at.x + ${K}u], query_z[at.y + ${K}u], query_z[at.z + ${K}u], query_z[at.w + ${K}u]);
#endrepeat
}

fn kernel_values(center: u32) -> vec4f {
  let at = center * DIMENSION;
  var dot = vec4f();
#repeat K DIMENSION
  let t${K} = s${K} - centers[at + ${K}u];
  dot += t${K} * (t${K} + z${K});
#endrepeat
  return exp(-params.scale * dot);
}

fn add_lanes(lane: u32, sum: vec4f) -> vec4f {
  partial[lane] = sum;
  workgroupBarrier();
  for (var half = WORKGROUP / 2u; half > 0u; half /= 2u) {
    if (lane < half) {
      partial[lane] += partial[lane + half];
    }
    workgroupBarrier();
  }
  let total = partial[0];
  workgroupBarrier();
  return total;
}

#if OWN
fn own_sum(lane: u32, place: u32, batch: u32) -> vec4f {
  let first = (place * params.batches + batch) * params.share;
  var sum = vec4f();
  for (var start = 0u; start < params.share; start += PART) {
    var part = vec4f();
    for (var i = start + lane; i < min(start + PART, params.share); i += WORKGROUP) {
      part += kernel_values(first + i);
    }
    sum += part;
  }
  return add_lanes(lane, sum);
}
#else
fn listed_sum(lane: u32, batch: u32, list_at: u32, count: u32) -> vec4f {
  var sum = vec4f();
  for (var start = 0u; start < count; start += PART) {
    var part = vec4f();
    for (var i = start + lane; i < min(start + PART, count); i += WORKGROUP) {
      let first = (list[list_at + i] * params.batches + batch) * params.share;
      for (var j = 0u; j < params.share; j++) {
        part += kernel_values(first + j);
      }
    }
    sum += part;
  }
  return add_lanes(lane, sum);
}
#endif

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
  let block = params.first_block + place;
  let first_query = block * params.queries;
  let last_query = first_query + params.queries - 1u;
  for (var q = 0u; q < params.queries; q += 4u) {
    take_queries(first_query + q, last_query);
    for (var b = 0u; b < params.batches; b++) {
#if OWN
      let own = own_sum(lane, place, b);
      if (lane < min(4u, params.queries - q)) {
        sums[(first_query + q + lane) * params.batches + b] = own[lane];
      }
#else
      let front = place * params.tiles;
      let same_count = kept[place * 2u];
      let other_count = kept[place * 2u + 1u];
      let same = listed_sum(lane, b, front, same_count);
      let other = listed_sum(lane, b, front + params.tiles - other_count, other_count);
      if (lane < min(4u, params.queries - q)) {
        let at = ((first_query + q + lane) * params.batches + b) * 2u;
        sums[at] = same[lane];
        sums[at + 1u] = other[lane];
      }
#endif
    }
  }
}
