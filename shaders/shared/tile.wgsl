// A tile of TILE_HEIGHT x TILE_WIDTH pixels in four planes of a row: the tiles of a plane stand side by side, planes four by four.
const TILE_HEIGHT = ${TILE_HEIGHT}u;
const TILE_WIDTH = ${TILE_WIDTH}u;

struct Tile {
  row: u32,
  // the last ones may lie past the row's
  planes: vec4u,
  top: u32,
  left: u32,
}

fn tile_of(index: u32, planes: u32, height: u32, width: u32) -> Tile {
  let down = (height + TILE_HEIGHT - 1u) / TILE_HEIGHT;
  let across = (width + TILE_WIDTH - 1u) / TILE_WIDTH;
  let quads = (planes + 3u) / 4u;
  let quad = index / (down * across) % quads;
  let row = index / (down * across * quads);
  return Tile(row, 4u * quad + vec4u(0u, 1u, 2u, 3u), index / across % down * TILE_HEIGHT, index % across * TILE_WIDTH);
}
