// Statements: the sums of a tile into RESULT, rows x PLANES x HEIGHT x WIDTH, a row of pixels after the other. What lies past the right
// edge is written as its last pixel once more, and a plane past the last is the last (planes): no branches, which software adapters
// take long to compile where this many sums are alive.
let last_x = min(TILE_WIDTH, ${WIDTH} - tile.left) - 1u;
for (var dy = 0u; dy < min(TILE_HEIGHT, ${HEIGHT} - tile.top); dy++) {
  let at = ((tile.row * ${PLANES} + planes) * ${HEIGHT} + tile.top + dy) * ${WIDTH} + tile.left;
  var pixel = sums[0];
#repeat X TILE_WIDTH
  {
    let dx = min(${X}, last_x);
    pixel = select(pixel, sums[${X}], ${X} <= last_x);
    ${RESULT}[at.x + dx] = pixel.x;
    ${RESULT}[at.y + dx] = pixel.y;
    ${RESULT}[at.z + dx] = pixel.z;
    ${RESULT}[at.w + dx] = pixel.w;
  }
#endrepeat
#repeat I TILE_KEPT
  sums[${I}] = sums[${I} + TILE_WIDTH];
#endrepeat
}
