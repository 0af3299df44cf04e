// The pool at pixel `at` of x, its upper left one.
#if POOL == max
// The first of the largest pixels, row by row, as in PyTorch: where its gradient goes.
fn largest_at(at: u32) -> u32 {
  var best_at = at;
  var best = x[at];
  for (var dy = 0u; dy < params.size; dy++) {
    for (var dx = 0u; dx < params.size; dx++) {
      let pixel_at = at + dy * params.width + dx;
      let value = x[pixel_at];
      best_at = select(best_at, pixel_at, value > best);
      best = max(best, value);
    }
  }
  return best_at;
}
#endif
