// One Adam step of one parameter: (p, m, v) and its gradient to the new (p, m, v); shaders/adam.wgsl gives the formula.
fn adam_step(state: vec3f, gradient: f32, step: Step) -> vec3f {
  let g = gradient + params.weight_decay * state.x;
  let m = params.beta1 * state.y + params.one_minus_beta1 * g;
  let v = params.beta2 * state.z + params.one_minus_beta2 * g * g;
  return vec3f(state.x - step.step_size * m / (sqrt(v) / step.correction + params.epsilon), m, v);
}
