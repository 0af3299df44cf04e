// Four standard normals from 128 random bits (Box-Muller). The radius uses all 32 bits, (bits + 1/2) / 2^32, so the tail
// reaches 6.7 sigma; the angle is a quadrant (2 bits) and a place in it (30 bits), so sine and cosine are short
// polynomials on [-pi/4, pi/4], exact to f32, where WGSL's own may be off by 2^-11.
fn sine_cosine(turn: u32) -> vec2f {
  // signed, the conversion is one instruction
  let angle = (f32(bitcast<i32>(turn & 0x3fffffffu)) * 9.31322574615478515625e-10 - 0.5) * 1.5707963267948966;
  let q = angle * angle;
  let s = angle * (1.0 + q * (-0.16666666666666666 + q * (0.008333333333333333 + q * (-1.984126984126984e-4 + q * 2.7557319223985893e-6))));
  let c = 1.0 + q * (-0.5 + q * (0.041666666666666664 + q * (-0.001388888888888889 + q * (2.48015873015873e-5 - q * 2.755731922398589e-7))));
  // The quadrant is the two highest bits: the lower one swaps sine and cosine, the higher is the sine's sign, and both
  // together the cosine's. No shift (see philox.wgsl): turn + turn brings the lower bit into the sign's place.
  let swapped = select(vec2f(s, c), vec2f(c, s), (turn & 0x40000000u) != 0u);
  let signs = vec2u(turn, turn ^ (turn + turn)) & vec2u(0x80000000u);
  return bitcast<vec2f>(bitcast<vec2u>(swapped) ^ signs);
}

fn radius(bits: u32) -> f32 {
  return sqrt(max(0.0, -2.0 * log((f32(bits) + 0.5) * 2.3283064365386962890625e-10)));
}

fn gaussians(bits: vec4u) -> vec4f {
  return vec4f(radius(bits.x) * sine_cosine(bits.y), radius(bits.z) * sine_cosine(bits.w));
}
