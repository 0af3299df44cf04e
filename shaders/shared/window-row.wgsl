// Statements: the window's rows move up by one, and row `source_row` of the source comes in below, from column `source_left` on, both
// counted from the zeros before the source. SOURCE[source_at] is the first of SOURCE_HEIGHT x SOURCE_WIDTH pixels.
{
#repeat I WINDOW_KEPT
  window[${I}] = window[${I} + ${WINDOW_WIDTH}];
#endrepeat
  let source_y = source_pixel(source_row);
#repeat X WINDOW_WIDTH
  {
    let source_x = source_pixel(source_left + ${X});
    let pixel = ${SOURCE}[source_at + source_y * ${SOURCE_WIDTH} + source_x];
#if ZEROS
    window[${WINDOW_KEPT} + ${X}] = select(0.0, pixel, source_y < ${SOURCE_HEIGHT} && source_x < ${SOURCE_WIDTH});
#else
    window[${WINDOW_KEPT} + ${X}] = pixel;
#endif
  }
#endrepeat
}
