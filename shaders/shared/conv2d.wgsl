// Height and width of a convolution's output.
const KERNEL = ${KERNEL}u;

fn convolved_size() -> vec2u {
  return (vec2u(params.height, params.width) + 2u * params.padding - KERNEL) / params.stride + 1u;
}
