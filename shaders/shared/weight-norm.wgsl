// Weight normalisation, w = g v / |v| for the weights of one neuron (Salimans & Kingma, NeurIPS 2016, equations 2 and 3). v is a row of
// the array RAW, `inputs` numbers from `at`, which must not all be 0.
// f32: |v| is off by at most (inputs / 2 + 4) 2^-24 of itself; its square neither overflows nor vanishes for |v| in 1e-18 .. 1e18.
fn row_norm(at: u32, inputs: u32) -> f32 {
  var sum = 0.0;
  for (var i = 0u; i < inputs; i++) {
    sum += ${RAW}[at + i] * ${RAW}[at + i];
  }
  return sqrt(sum);
}

// d_g = d_w . v / |v|, d_w being the row of D_W from the same place on
fn gain_gradient(at: u32, inputs: u32, norm: f32) -> f32 {
  var sum = 0.0;
  for (var i = 0u; i < inputs; i++) {
    sum += ${D_W}[at + i] * ${RAW}[at + i];
  }
  return sum / norm;
}

// d_v = (g / |v|) (d_w - d_g v / |v|)
fn direction_gradient(d_w: f32, v: f32, gain: f32, norm: f32, d_g: f32) -> f32 {
  return gain / norm * (d_w - d_g * (v / norm));
}
