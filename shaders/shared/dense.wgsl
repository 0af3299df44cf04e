// Statements: u_o = b_o + sum_i W_oi x_i, neuron O of layer L, for one row. All layers' parameters are PARAMETERS, a layer's weights
// outputs x inputs (PyTorch's layout) at WEIGHTS_AT_l, its bias at BIAS_AT_l; its input begins at X[IN_AT_l].
//
// Row is the type of x and u: f32, or vec4f for four rows at once.
// f32: a sum of `inputs` products and the bias, error at most (inputs + 2) 2^-24 (sum |x W| + |b|).
var u_o = Row(${PARAMETERS}[${BIAS_AT_${L}} + ${O}]);
#repeat I INPUTS_${L}
u_o += ${PARAMETERS}[${WEIGHTS_AT_${L}} + ${O} * ${INPUTS_${L}} + ${I}] * ${X}[${IN_AT_${L}} + ${I}];
#endrepeat
