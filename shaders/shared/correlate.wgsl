// Statements: what one plane of a source, seen through a kernel, adds to a tile of four result planes at once,
// sums(y, x) += sum over ky, kx of W(ky, kx) source(STEP y + ky, STEP x + kx), W being four weights, and the source counted from the
// zeros before it (shared/source-pixel.wgsl). SOURCE[source_at] is the first of SOURCE_HEIGHT x SOURCE_WIDTH pixels, weights_at where
// in `parameters` the four kernels begin, TAP the place of tap (ky, kx) in each.
//
// A load from a buffer costs software adapters ten times as much as a multiplication, so what is loaded serves often: the window
// holds the rows of the source that one row of taps needs and moves down by one for the next, and every index into it is known
// beforehand. Taps of column x that see zeros in every tile are left out: there are TAPS_x, from FIRST_x on, the first of which sees
// column SEEN_x of the window.
{
  var window: array<f32, ${WINDOW_HEIGHT} * ${WINDOW_WIDTH}>;
  var w: array<vec4f, KERNEL>;
  let source_left = ${STEP} * tile.left + ${WINDOW_LEFT};
  for (var y = 0u; y < ${WINDOW_HEIGHT} - 1; y++) {
    let source_row = ${STEP} * tile.top + y;
#include "shared/window-row.wgsl"
  }
  for (var ky = 0u; ky < KERNEL; ky++) {
    let source_row = ${STEP} * tile.top + ${WINDOW_HEIGHT} - 1 + ky;
#include "shared/window-row.wgsl"
#repeat KX KERNEL
    {
      const kx = ${KX}u;
      let at = weights_at + ${TAP};
      w[kx] = vec4f(parameters[at.x], parameters[at.y], parameters[at.z], parameters[at.w]);
    }
#endrepeat
#repeat Y TILE_HEIGHT
#repeat X TILE_WIDTH
    sums[${Y} * TILE_WIDTH + ${X}] =
#repeat T TAPS_${X} down
      fma(w[${FIRST_${X}} + ${T}], vec4f(window[${STEP} * ${Y} * ${WINDOW_WIDTH} + ${SEEN_${X}} + ${T}]),
#endrepeat
      sums[${Y} * TILE_WIDTH + ${X}]
#repeat T TAPS_${X}
      )
#endrepeat
      ;
#endrepeat
#endrepeat
  }
}
