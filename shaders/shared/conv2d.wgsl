// Height or width of a convolution's output.
fn convolved_size(size: u32) -> u32 {
  return (size + 2u * params.padding - params.kernel) / params.stride + 1u;
}
