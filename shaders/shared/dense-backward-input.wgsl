// Statements: d_x_i = sum_o d_u_o W_oi, the gradient of input I of layer L, for one row. Parameters lie as in shared/dense.wgsl;
// the gradients of the row's u begin at D_U[OUT_AT_l].
//
// f32: error at most (outputs + 1) 2^-24 sum |d_u W|.
var d_x_i = 0.0;
#repeat O OUTPUTS_${L}
d_x_i += ${D_U}[${OUT_AT_${L}} + ${O}] * ${PARAMETERS}[${WEIGHTS_AT_${L}} + ${O} * ${INPUTS_${L}} + ${I}];
#endrepeat
