// Which tiles can matter to which block of queries, and how much the others can matter together (METHOD 2.2).
//
// A tile is the centers of one input, a block the queries of one input. With D the distance between their boxes and
// reach = max |z|^2 over the block, no center of the tile adds more than exp(scale (reach - D^2)) to a query's mean
// (scale = 1 / 2 beta^2, the query's own center counting 1). Tiles whose exponent is at most `threshold` are skipped.
//
// block_boxes  blocks x 2 x DIMENSION     reach   blocks          tile_boxes  tiles x 2 x DIMENSION
// labels       tiles (block b is input b)
// list         chunk x tiles: the kept tiles of a block, those of its own label from the front, the others from the back
// kept         chunk x 4: where the first kind begins in the list and how many, then the second
// skipped  blocks: sum of the skipped bounds, in means
//
// One invocation owns one block and walks the tiles in order, so lists do not depend on timing. The block's own tile is
// never listed: its sum is taken over the input's own replicas (pair-sums with OWN).
// Most tiles are far along the first axes already: a tile whose exponent falls below `threshold` - 20 on the way is left there
// and counted, which bounds it from above just as well.
// Rounded towards keeping: gaps shrink by 2^-21 of the coordinates, D^2 by 1e-5, bounds never fall below 1e-37.
const WORKGROUP = ${WORKGROUP}u;
const DIMENSION = ${DIMENSION}u;

struct Params {
  blocks: u32,
  first_block: u32,
  tiles: u32,
  scale: f32,
  threshold: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> block_boxes: array<f32>;
@group(0) @binding(2) var<storage, read> reach: array<f32>;
@group(0) @binding(3) var<storage, read> tile_boxes: array<f32>;
@group(0) @binding(4) var<storage, read> labels: array<u32>;
@group(0) @binding(5) var<storage, read_write> list: array<u32>;
@group(0) @binding(6) var<storage, read_write> kept: array<u32>;
@group(0) @binding(7) var<storage, read_write> skipped: array<f32>;

#include "shared/index.wgsl"

fn gap(low: f32, high: f32, block_low: f32, block_high: f32) -> f32 {
  let rounding = 4.8e-7 * max(max(abs(low), abs(high)), max(abs(block_low), abs(block_high)));
  return max(0.0, max(low - block_high, block_low - high) - rounding);
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let place = line_index(id, groups);
  if (place >= params.blocks) {
    return;
  }
  let block = params.first_block + place;
  let label = labels[block];
  let block_reach = reach[block];
#repeat K DIMENSION
  let low${K} = block_boxes[block * 2u * DIMENSION + ${K}u];
  let high${K} = block_boxes[(block * 2u + 1u) * DIMENSION + ${K}u];
#endrepeat
  var front = place * params.tiles;
  var back = front + params.tiles;
  var sum = 0.0;
  let far = (block_reach - (params.threshold - 20.0) / params.scale) * 1.00001;
  var left = 0.0;
  for (var tile = 0u; tile < params.tiles; tile++) {
    let at = tile * 2u * DIMENSION;
    var square = 0.0;
#repeat K DIMENSION
    let gap${K} = gap(tile_boxes[at + ${K}u], tile_boxes[at + DIMENSION + ${K}u], low${K}, high${K});
    square += gap${K} * gap${K};
    if (square > far) {
      left += 1.0;
      continue;
    }
#endrepeat
    let exponent = params.scale * (block_reach - square * 0.99999);
    if (exponent <= params.threshold) {
      sum += max(exp(exponent), 1.0e-37);
    } else if (tile != block) {
      if (labels[tile] == label) {
        list[front] = tile;
        front += 1u;
      } else {
        back -= 1u;
        list[back] = tile;
      }
    }
  }
  kept[place * 4u] = place * params.tiles;
  kept[place * 4u + 1u] = front - place * params.tiles;
  kept[place * 4u + 2u] = back;
  kept[place * 4u + 3u] = (place + 1u) * params.tiles - back;
  skipped[block] = sum + left * max(exp(params.threshold - 20.0), 1.0e-37);
}
