/** The f64 twins of shaders/shared/activation.wgsl: f, and f' from the value s = f(u). */
interface ActivationFunction {
  value(u: number): number
  slope(s: number): number
}

const leak = 0.01

const functions: Record<string, ActivationFunction> = {
  tanh: { value: Math.tanh, slope: (s) => 1 - s * s },
  relu: { value: (u) => (u <= 0 ? 0 : u), slope: (s) => (s <= 0 ? 0 : 1) },
  'leaky-relu': { value: (u) => (u <= 0 ? leak * u : u), slope: (s) => (s <= 0 ? leak : 1) },
  sigmoid: { value: (u) => 1 / (1 + Math.exp(-u)), slope: (s) => s * (1 - s) },
}

/** Names of the activations that have a kernel: those of Activation in src/network/network.ts but linear. */
export const activationNames: readonly string[] = Object.keys(functions)

/** The activation of this name. */
export function activation(name: unknown): ActivationFunction {
  const found = functions[String(name)]
  if (!found) throw new Error(`no activation '${String(name)}'; there are ${activationNames.join(', ')}`)
  return found
}
