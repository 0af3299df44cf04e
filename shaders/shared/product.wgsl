// Statements: LINES x 4 QUADS elements of a product of two matrices and what it adds to,
// RESULT(line, column) = START + sum over k of A(line, k) B(column, k), one term after the other.
//
// A load from a buffer costs software adapters ten times as much as a multiplication, so each serves a line or a quad of columns, and
// every index into what is kept is known beforehand. From `line` (u32) and `quad` (vec4u: four columns) LINE_AT and QUAD_AT make the
// places of the first terms in A and B, `k_A` and `k_B` apart; and RESULT_AT those of the results, `at`, from which comes START.
// A line past LINE_COUNT is the last one, a column past QUAD_COUNT likewise: computed again from the same start and written again, as
// the same number; no branches, which software adapters take long to compile where this many sums are alive.
const LINES = ${LINES}u;
const QUADS = ${QUADS}u;
let lines_across = (${LINE_COUNT} + LINES - 1u) / LINES;
let first_line = line_index(id, groups) % lines_across * LINES;
let first_quad = line_index(id, groups) / lines_across * 4u * QUADS;
if (first_quad >= ${QUAD_COUNT}) {
  return;
}
var lines: array<u32, LINES>;
var quads: array<vec4u, QUADS>;
var line_at: array<u32, LINES>;
var quad_at: array<vec4u, QUADS>;
var four: array<vec4f, QUADS>;
var sums: array<vec4f, LINES * QUADS>;
#repeat LINE LINES
{
  let line = min(first_line + ${LINE}, ${LINE_COUNT} - 1u);
  lines[${LINE}] = line;
  line_at[${LINE}] = ${LINE_AT};
}
#endrepeat
#repeat QUAD QUADS
{
  let quad = min(first_quad + 4u * ${QUAD} + vec4u(0u, 1u, 2u, 3u), vec4u(${QUAD_COUNT} - 1u));
  quads[${QUAD}] = quad;
  quad_at[${QUAD}] = ${QUAD_AT};
#repeat LINE LINES
  {
    let line = lines[${LINE}];
    let at = ${RESULT_AT};
    sums[${LINE} * QUADS + ${QUAD}] = ${START};
  }
#endrepeat
}
#endrepeat
for (var k = 0u; k < ${TERMS}; k++) {
#repeat QUAD QUADS
  {
    let at = quad_at[${QUAD}] + k * ${K_B};
    four[${QUAD}] = vec4f(${B}[at.x], ${B}[at.y], ${B}[at.z], ${B}[at.w]);
  }
#endrepeat
#repeat LINE LINES
  {
    let one = vec4f(${A}[line_at[${LINE}] + k * ${K_A}]);
#repeat QUAD QUADS
    sums[${LINE} * QUADS + ${QUAD}] = fma(one, four[${QUAD}], sums[${LINE} * QUADS + ${QUAD}]);
#endrepeat
  }
#endrepeat
}
#repeat QUAD QUADS
#repeat LINE LINES
{
  let line = lines[${LINE}];
  let quad = quads[${QUAD}];
  let at = ${RESULT_AT};
  let sum = sums[${LINE} * QUADS + ${QUAD}];
  ${RESULT}[at.x] = sum.x;
  ${RESULT}[at.y] = sum.y;
  ${RESULT}[at.z] = sum.z;
  ${RESULT}[at.w] = sum.w;
}
#endrepeat
#endrepeat
