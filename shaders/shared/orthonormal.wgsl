// Line q of A <- A - rate (A A' A - A), in place: the elements (p, q) of a Matrix (shared/gram.wgsl) from GRAM, its products from gram_at on:
//   A(p, q) -= rate (sum over r of G(p, r) A(r, q) - A(p, q))
// which is A A' A both with G = A A' and, the sides exchanged, with G = A' A. The line's old values go to private memory first (SHORT of
// them at most), and no line needs another one.
fn orthonormalise(a: Matrix, gram_at: u32, q: u32, rate: f32) {
  let at = a.at + q * a.long_stride;
  var old: array<f32, ${SHORT}>;
  for (var p = 0u; p < a.short; p++) {
    old[p] = ${WEIGHTS}[at + p * a.short_stride];
  }
  for (var p = 0u; p < a.short; p++) {
    var sum = 0.0;
    for (var r = 0u; r < a.short; r++) {
      sum += ${GRAM}[gram_at + p * a.short + r] * old[r];
    }
    ${WEIGHTS}[at + p * a.short_stride] = old[p] - rate * (sum - old[p]);
  }
}
