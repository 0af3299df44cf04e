// Statements, for the CLASSES logits of a row, LOGITS[LOGITS_AT] and those behind it:
//   largest   max_c logit_c, and `best`, the first c that has it
//   sum       sum_c exp(logit_c - largest)
// f32: the largest logit is taken out first, so the sum lies in [1, classes] and nothing overflows.
var largest = ${LOGITS}[${LOGITS_AT}];
var best = 0u;
#repeat C CLASSES
best = select(best, ${C}, ${LOGITS}[${LOGITS_AT} + ${C}] > largest);
largest = max(largest, ${LOGITS}[${LOGITS_AT} + ${C}]);
#endrepeat
var sum = 0.0;
#repeat C CLASSES
sum += exp(${LOGITS}[${LOGITS_AT} + ${C}] - largest);
#endrepeat
