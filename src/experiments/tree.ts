/** Configuration values before they are checked: groups of keys, lists, single values, in any shape a file may hold. */

/** Groups merge key by key; lists and single values replace what was there. Neither argument is changed. */
export function merge(base: unknown, over: unknown): unknown {
  if (!isGroup(base) || !isGroup(over)) return over
  const keys = new Set([...Object.keys(base), ...Object.keys(over)])
  return Object.fromEntries(
    [...keys].map((key) => {
      if (!Object.hasOwn(over, key)) return [key, base[key]]
      return [key, Object.hasOwn(base, key) ? merge(base[key], over[key]) : over[key]]
    }),
  )
}

/** A copy of the tree with one value replaced: by name in a group, by index in a list; RangeError beyond its end. */
export function put(tree: unknown, path: readonly string[], value: unknown): unknown {
  const [key, ...rest] = path
  if (Array.isArray(tree)) {
    if (!/^\d+$/.test(key) || Number(key) >= tree.length) {
      throw new RangeError(`'${key}' is not an index from 0 to ${tree.length - 1}`)
    }
    return tree.with(Number(key), rest.length ? put(tree[Number(key)], rest, value) : value)
  }
  const group = isGroup(tree) ? tree : {}
  const old = Object.hasOwn(group, key) ? group[key] : undefined
  const others = Object.entries(group).filter(([name]) => name !== key)
  return Object.fromEntries([...others, [key, rest.length ? put(old, rest, value) : value]])
}

/** The value at a path, undefined where there is none. */
export function at(tree: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((node, key) => (node as Record<PropertyKey, unknown> | null | undefined)?.[key], tree)
}

export function isGroup(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A value in a message: 'text' in quotes, 3, true, a list, a group of keys, nothing. */
export function show(value: unknown): string {
  if (value === null || value === undefined) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a group of keys'
  return typeof value === 'string' ? `'${value}'` : String(value)
}
