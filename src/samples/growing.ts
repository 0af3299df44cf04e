/** A typed array that grows by doubling, for rows whose number nobody knows before they are read. */

type Typed = Float32Array | Float64Array | Uint32Array

export class Growing<Values extends Typed> {
  readonly #make: (length: number) => Values
  readonly #expected: number
  #values: Values | null = null
  #length = 0

  /** @param expected how many will probably come: a right guess is never copied */
  constructor(make: (length: number) => Values, expected = 0) {
    this.#make = make
    this.#expected = expected
  }

  /** Takes the array itself if it is all that is expected; else copies. */
  append(more: Values): void {
    const own = more.byteLength === more.buffer.byteLength
    if (this.#values === null && own && more.length >= this.#expected) this.#values = more
    else this.#room(this.#length + more.length).set(more, this.#length)
    this.#length += more.length
  }

  /** All that was appended, in an array of just that length. */
  finish(): Values {
    const values = this.#values ?? this.#make(0)
    return values.length === this.#length ? values : (values.slice(0, this.#length) as Values)
  }

  #room(length: number): Values {
    const values = this.#values ?? this.#make(Math.max(length, this.#expected))
    this.#values = values
    if (length <= values.length) return values
    const larger = this.#make(Math.max(length, 2 * values.length))
    larger.set(values.subarray(0, this.#length))
    this.#values = larger
    return larger
  }
}
