// One step of gradient descent with momentum of one parameter: (p, buffer) and its gradient to the new (p, buffer); shaders/sgd.wgsl
// gives the formula.
fn sgd_step(state: vec2f, g: f32, step: Step) -> vec2f {
  let decayed = g + params.weight_decay * state.x;
  let buffer = params.momentum * state.y + decayed;
  return vec2f(state.x - step.step_size * buffer, buffer);
}
