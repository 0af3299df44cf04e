// One output's part in the mean squared error against the label's one-hot vector, and the gradient of that part: the loss of a
// row is the mean of `classes` such parts.
fn squared_error(output: f32, is_label: bool) -> f32 {
  let error = output - select(0.0, 1.0, is_label);
  return error * error;
}

fn squared_error_gradient(output: f32, is_label: bool) -> f32 {
  return 2.0 * (output - select(0.0, 1.0, is_label));
}
