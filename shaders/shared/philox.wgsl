// Philox4x32-10 (Salmon et al., SC 2011): 128 random bits from a counter and a key, bit-exact everywhere.
// WGSL has no 32 x 32 -> 64 bit product: the high word is put together from 16-bit halves, no sum of which overflows.
//
// x >> 16 goes through a float: SSE, which the software adapters compile to, takes vector shifts apart lane by lane. The upper half
// as a signed number, -2^15 to 2^15, is exact in f32, and adding 1.5 x 2^23 leaves its 16 bits at the end of the mantissa.
fn upper_half(x: u32) -> u32 {
  return bitcast<u32>(f32(bitcast<i32>(x & 0xffff0000u)) * 1.52587890625e-5 + 12582912.0) & 0xffffu;
}

fn multiply_high(a: u32, b: u32) -> u32 {
  let a0 = a & 0xffffu;
  let a1 = a >> 16u;
  let b0 = b & 0xffffu;
  let b1 = upper_half(b);
  let middle = a1 * b0 + upper_half(a0 * b0);
  let low = a0 * b1 + (middle & 0xffffu);
  return a1 * b1 + upper_half(middle) + upper_half(low);
}

// The rounds are written out: in a loop the software adapters merge the four words lane by lane after every round.
#let ROUNDS 10
fn philox(counter: vec4u, key: vec2u) -> vec4u {
  var c = counter;
  var k = key;
#repeat ROUND ROUNDS
  {
    let high0 = multiply_high(0xd2511f53u, c.x);
    let low0 = 0xd2511f53u * c.x;
    let high1 = multiply_high(0xcd9e8d57u, c.z);
    let low1 = 0xcd9e8d57u * c.z;
    c = vec4u(high1 ^ c.y ^ k.x, low1, high0 ^ c.w ^ k.y, low0);
    k += vec2u(0x9e3779b9u, 0xbb67ae85u);
  }
#endrepeat
  return c;
}
