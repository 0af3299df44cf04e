// Pixel `at` of a source with BEFORE zeros before it and its pixels SPREAD apart, as a pixel of the source itself; a very large number
// where there is a zero.
fn source_pixel(at: u32) -> u32 {
  let pixel = at - u32(i32(${BEFORE}));
#if SPREAD == 1
  return pixel;
#else
  return select(0xffffffffu, pixel / ${SPREAD}, pixel % ${SPREAD} == 0u);
#endif
}
