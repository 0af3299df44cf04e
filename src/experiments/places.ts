/** Where each value of a configuration was given, so that a mistake is shown at its place and in the words typed. */
export interface Place {
  /** Such as "szt.yaml: line 4 column 9: noise.std" or "--epochs". */
  value: string
  /** The same for the key, where it lies elsewhere: a mistyped key is shown there. */
  key?: string
  /** What was typed, where it says more than the value it was read as. */
  typed?: string
}

export class Places {
  readonly #given = new Map<string, Place>()
  /** Keys that have something below them. */
  readonly #groups = new Set<string>()

  /** A later place for a key replaces the earlier ones of everything below it. */
  note(key: string, place: Place): void {
    if (this.#groups.has(key))
      for (const known of this.#given.keys()) if (known.startsWith(`${key}.`)) this.#given.delete(known)
    this.#given.set(key, place)
    for (let dot = key.indexOf('.'); dot >= 0; dot = key.indexOf('.', dot + 1)) this.#groups.add(key.slice(0, dot))
  }

  /** The place of a value, of the group around it, or of something in it; its key alone where nobody gave it. */
  of(path: readonly PropertyKey[]): Place {
    const key = path.join('.')
    const exact = this.#given.get(key)
    if (exact) return exact
    for (let length = path.length - 1; length > 0; length--) {
      const around = this.#given.get(path.slice(0, length).join('.'))
      if (around) return { value: `${around.value}: ${key}` }
    }
    const below = [...this.#given].find(([known]) => known.startsWith(`${key}.`))
    return below ? below[1] : { value: key }
  }
}
