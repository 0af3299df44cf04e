declare module 'wgsl-preprocessor/wgsl-preprocessor.js' {
  /** Resolves #if, #elif, #else and #endif between the strings, and puts the values in. */
  export function wgsl(strings: readonly string[], ...values: unknown[]): string
}
