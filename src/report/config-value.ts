/** What stands under a dotted key in JSON of unknown shape; null where nothing does. */
export function configValue(value: unknown, key: string): unknown {
  return key.split('.').reduce<unknown>((inner, name) => (isObject(inner) ? (inner[name] ?? null) : null), value)
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
