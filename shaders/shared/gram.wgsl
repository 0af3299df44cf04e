// Of a matrix A in the array WEIGHTS (outputs x inputs, row-major, from `at`) the longer side is folded: element (p, q), p along the
// shorter side, lies at `at` + p short_stride + q long_stride. Where A has no more rows than columns its rows are the p.
struct Matrix {
  at: u32,
  short: u32,
  long: u32,
  short_stride: u32,
  long_stride: u32,
}

// sum over q of A(p, q) A(other, q): an element of A A', or of A' A where A has more rows than columns.
// f32: error at most long 2^-24 sum |A A|.
fn gram_product(a: Matrix, p: u32, other: u32) -> f32 {
  let one_at = a.at + p * a.short_stride;
  let other_at = a.at + other * a.short_stride;
  var sum = 0.0;
  for (var q = 0u; q < a.long; q++) {
    sum += ${WEIGHTS}[one_at + q * a.long_stride] * ${WEIGHTS}[other_at + q * a.long_stride];
  }
  return sum;
}
