// The activation f and its derivative, the latter from the value s = f(u) alone, so that u need not be kept. Comparisons are so
// put that NaN stays NaN.
#if ACTIVATION == tanh
// WGSL leaves tanh open above about 88.7; past 20 the f32 value is 1 exactly.
fn activate(u: f32) -> f32 {
  return tanh(clamp(u, -20.0, 20.0));
}

fn slope(s: f32) -> f32 {
  return 1.0 - s * s;
}
#elif ACTIVATION == relu
fn activate(u: f32) -> f32 {
  return select(u, 0.0, u <= 0.0);
}

// 0 at 0, as PyTorch has it
fn slope(s: f32) -> f32 {
  return select(1.0, 0.0, s <= 0.0);
}
#elif ACTIVATION == leaky-relu
fn activate(u: f32) -> f32 {
  return select(u, 0.01 * u, u <= 0.0);
}

// s has the sign of u; .01 at 0, as PyTorch has it
fn slope(s: f32) -> f32 {
  return select(1.0, 0.01, s <= 0.0);
}
#elif ACTIVATION == sigmoid
// 1 / (1 + e^-u), or e^u / (1 + e^u) below 0: the exponential is at most 1, never overflows, and a small s keeps its digits.
fn activate(u: f32) -> f32 {
  let e = exp(-abs(u));
  return select(1.0, e, u < 0.0) / (1.0 + e);
}

fn slope(s: f32) -> f32 {
  return s * (1.0 - s);
}
#endif
