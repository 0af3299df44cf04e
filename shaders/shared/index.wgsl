// The invocation's place in a line, where workgroups may be folded into two dimensions (src/kernels/kernel.ts, spread).
fn line_index(id: vec3u, groups: vec3u) -> u32 {
  return id.y * groups.x * WORKGROUP + id.x;
}
