// The loss of a row, -log softmax(logits)_label, and its gradient by one logit, from what shared/softmax.wgsl finds.
fn cross_entropy(label_logit: f32, largest: f32, sum: f32) -> f32 {
  return log(sum) + (largest - label_logit);
}

fn cross_entropy_gradient(logit: f32, is_label: bool, largest: f32, sum: f32) -> f32 {
  return exp(logit - largest) / sum - select(0.0, 1.0, is_label);
}
