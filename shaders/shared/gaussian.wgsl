// Four standard normals from 128 random bits (Box-Muller). The radius uses all 32 bits, (bits + 1/2) / 2^32, so the tail
// reaches 6.7 sigma; the angle is a quadrant (2 bits) and a place in it (30 bits), so sine and cosine are short
// polynomials on [-pi/4, pi/4], exact to f32, where WGSL's own may be off by 2^-11.
fn sine_cosine(turn: u32) -> vec2f {
  let angle = (f32(turn & 0x3fffffffu) * 9.31322574615478515625e-10 - 0.5) * 1.5707963267948966;
  let q = angle * angle;
  let s = angle * (1.0 + q * (-0.16666666666666666 + q * (0.008333333333333333 + q * (-1.984126984126984e-4 + q * 2.7557319223985893e-6))));
  let c = 1.0 + q * (-0.5 + q * (0.041666666666666664 + q * (-0.001388888888888889 + q * (2.48015873015873e-5 - q * 2.755731922398589e-7))));
  let quarter = turn >> 30u;
  let swapped = select(vec2f(s, c), vec2f(c, s), (quarter & 1u) == 1u);
  let sine_sign = select(1.0, -1.0, quarter >= 2u);
  let cosine_sign = select(1.0, -1.0, quarter == 1u || quarter == 2u);
  return swapped * vec2f(sine_sign, cosine_sign);
}

fn radius(bits: u32) -> f32 {
  return sqrt(max(0.0, -2.0 * log((f32(bits) + 0.5) * 2.3283064365386962890625e-10)));
}

fn gaussians(bits: vec4u) -> vec4f {
  return vec4f(radius(bits.x) * sine_cosine(bits.y), radius(bits.z) * sine_cosine(bits.w));
}
