/** The f64 twins of shaders/shared/activation.wgsl: f, and f' from the value s = f(u). */
interface ActivationFunction {
  value(u: number): number
  slope(s: number): number
}

const functions: Record<string, ActivationFunction> = {
  tanh: { value: Math.tanh, slope: (s) => 1 - s * s },
}

/** The activation of this name: those of Activation in src/network/network.ts but linear, which needs no kernel. */
export function activation(name: unknown): ActivationFunction {
  const found = functions[String(name)]
  if (!found) throw new Error(`no activation '${String(name)}'; there are ${Object.keys(functions).join(', ')}`)
  return found
}
