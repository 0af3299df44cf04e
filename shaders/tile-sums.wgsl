// Sums of Gaussian kernels over listed tiles, the work that the whole tool waits for (METHOD 2.1, 2.2). For a query y = s + z and a
// center c of weight w
//   w exp( -(|y - c|^2 - |z|^2) / 2 beta^2 ) = w exp( -scale t.(t + 2z) )      t = s - c, scale = 1 / 2 beta^2
// so that the query's own center gives w exactly. Differences are taken between raw coordinates, where neighbours cancel exactly,
// and scaled afterwards; |y|^2 + |c|^2 - 2 y.c would lose all of it. SPLIT: coordinates are sums of two floats, for samples whose
// distances a single one does not resolve.
//
// A block is up to `capacity` queries that lie close together, in slots `capacity` x its number and on, four to a vector:
//   queries  slots/4 x QUERY vectors: s by dimension (SPLIT: then its low part), then 2z; a slot without a query repeats another
//   query_tags  slots/4 x 2 vectors: input of each query, and its label
// A tile is a run of centers that lie close together, ordered by column (batch, or group of inputs):
//   centers  rows of DIMENSION numbers (SPLIT: then the low parts) and, if WEIGHTED, w
//   center_tags  centers x 2: input, label
//   tile_starts  tiles x (COLUMNS + 1): where each column's centers begin; the last is where the tile ends
// work  blocks x 6: its number, where its tiles are in `work`, how many, where its nodes are, how many (shaders/moment-sums.wgsl), 0;
//   then the lists
// sums  slots/4 x COLUMNS x KINDS vectors. Kinds, if OTHERS: over other inputs' centers of the same label, and of other labels (0 with
//   one KIND); else all centers.
//
// One workgroup owns one block, one lane 4 GROUPS queries: a center read once serves all of them, and nothing is shared. Every
// sum has one fixed order: within a tile, over 64 tiles, over all (src/summation/rounding.ts bounds the error).
// f32: an exponent is at most |z|^2 / 2 beta^2, and as exp(exponent) has mean 1 over z, the chance that any of n
// pairs comes above 80 is below n e^-80, whatever DIMENSION is.
const WORKGROUP = ${WORKGROUP}u;
const DIMENSION = ${DIMENSION}u;
const GROUPS = ${GROUPS}u;
const COLUMNS = ${COLUMNS}u;
const KINDS = ${KINDS}u;
#if SPLIT
const PARTS = 2u;
#else
const PARTS = 1u;
#endif
#if WEIGHTED
const ROW = DIMENSION * PARTS + 1u;
#else
const ROW = DIMENSION * PARTS;
#endif
const QUERY = DIMENSION * (PARTS + 1u);
const SECTION = 64u;

struct Params {
  blocks: u32,
  capacity: u32,
  scale: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> queries: array<vec4f>;
@group(0) @binding(2) var<storage, read> query_tags: array<vec4u>;
@group(0) @binding(3) var<storage, read> centers: array<f32>;
@group(0) @binding(4) var<storage, read> center_tags: array<vec2u>;
@group(0) @binding(5) var<storage, read> tile_starts: array<u32>;
@group(0) @binding(6) var<storage, read> work: array<u32>;
@group(0) @binding(7) var<storage, read_write> sums: array<vec4f>;

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
  let list_at = work[place * 6u + 1u];
  let count = work[place * 6u + 2u];
  let vectors = params.capacity / 4u;
  let first_vector = work[place * 6u] * vectors;
  for (var turn = lane; turn < vectors; turn += WORKGROUP * GROUPS) {
#repeat G GROUPS
    // lanes past the last vector repeat it, and write the same
    let vector${G} = first_vector + min(turn + ${G}u * WORKGROUP, vectors - 1u);
#if OTHERS
    let input${G} = query_tags[vector${G} * 2u];
    let label${G} = query_tags[vector${G} * 2u + 1u];
#endif
#if UNROLLED
#repeat K DIMENSION
    let s${G}_${K} = queries[vector${G} * QUERY + ${K}u];
#if SPLIT
    let low${G}_${K} = queries[vector${G} * QUERY + DIMENSION + ${K}u];
#endif
    let z${G}_${K} = queries[vector${G} * QUERY + DIMENSION * PARTS + ${K}u];
#endrepeat
#endif
#endrepeat
    for (var b = 0u; b < COLUMNS; b++) {
#repeat G GROUPS
#repeat J KINDS
      var total${G}_${J} = vec4f();
#endrepeat
#endrepeat
      for (var section = 0u; section < count; section += SECTION) {
#repeat G GROUPS
#repeat J KINDS
        var sum${G}_${J} = vec4f();
#endrepeat
#endrepeat
        for (var i = section; i < min(section + SECTION, count); i++) {
          let starts_at = work[list_at + i] * (COLUMNS + 1u) + b;
          let end = tile_starts[starts_at + 1u];
#repeat G GROUPS
#repeat J KINDS
          var part${G}_${J} = vec4f();
#endrepeat
#endrepeat
          for (var c = tile_starts[starts_at]; c < end; c++) {
            let at = c * ROW;
#repeat G GROUPS
            var dot${G} = vec4f();
#endrepeat
#if UNROLLED
#repeat K DIMENSION
            let c${K} = centers[at + ${K}u];
#if SPLIT
            let low${K} = centers[at + DIMENSION + ${K}u];
#endif
#repeat G GROUPS
#if SPLIT
            let t${G}_${K} = (s${G}_${K} - c${K}) + (low${G}_${K} - low${K});
#else
            let t${G}_${K} = s${G}_${K} - c${K};
#endif
            dot${G} += t${G}_${K} * (t${G}_${K} + z${G}_${K});
#endrepeat
#endrepeat
#else
            for (var k = 0u; k < DIMENSION; k++) {
#repeat G GROUPS
              var t${G} = queries[vector${G} * QUERY + k] - centers[at + k];
#if SPLIT
              t${G} += queries[vector${G} * QUERY + DIMENSION + k] - centers[at + DIMENSION + k];
#endif
              dot${G} += t${G} * (t${G} + queries[vector${G} * QUERY + DIMENSION * PARTS + k]);
#endrepeat
            }
#endif
#if OTHERS
            let tag = center_tags[c];
#endif
#repeat G GROUPS
#if WEIGHTED
            let e${G} = centers[at + ROW - 1u] * exp(-params.scale * dot${G});
#else
            let e${G} = exp(-params.scale * dot${G});
#endif
#if OTHERS
            let other${G} = select(e${G}, vec4f(), input${G} == vec4u(tag.x));
#if KINDS == 2
            let same${G} = label${G} == vec4u(tag.y);
            part${G}_0 += select(vec4f(), other${G}, same${G});
            part${G}_1 += select(e${G}, vec4f(), same${G});
#else
            part${G}_0 += other${G};
#endif
#else
            part${G}_0 += e${G};
#endif
#endrepeat
          }
#repeat G GROUPS
#repeat J KINDS
          sum${G}_${J} += part${G}_${J};
#endrepeat
#endrepeat
        }
#repeat G GROUPS
#repeat J KINDS
        total${G}_${J} += sum${G}_${J};
#endrepeat
#endrepeat
      }
#repeat G GROUPS
#repeat J KINDS
      sums[(vector${G} * COLUMNS + b) * KINDS + ${J}u] = total${G}_${J};
#endrepeat
#endrepeat
    }
  }
}
