// The activation f and its derivative, the latter from the value s = f(u) alone, so that u need not be kept.
#if ACTIVATION == tanh
// WGSL leaves tanh open above about 88.7; past 20 the f32 value is 1 exactly.
fn activate(u: f32) -> f32 {
  return tanh(clamp(u, -20.0, 20.0));
}

fn slope(s: f32) -> f32 {
  return 1.0 - s * s;
}
#endif
