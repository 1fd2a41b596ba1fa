/** The properties of every key value. */
export interface KeyValue {
  /** The exact text the key was read from, or its canonical text when it was built from parts. */
  readonly text: string;
  /** The same as {@link text}. */
  toString(): string;
  /** The same as {@link text}, so a key inside a JSON document is its text. */
  toJSON(): string;
}

/** Marks key values at run time; the registry symbol is the same in every installed copy. */
export const KEY_BRAND = Symbol.for('@openedx-ts/opaque-keys/key');

/** Creates a frozen key value: the given facts as own properties, printing as its `text`. */
export function keyValue<Facts extends { readonly text: string }>(facts: Facts): Readonly<Facts> & KeyValue {
  // In V8, freezing an object made this way is several times cheaper than freezing a literal with a prototype.
  return Object.freeze(Object.assign(Object.create(KEY_PROTOTYPE) as KeyValue, facts));
}

const KEY_PROTOTYPE = Object.freeze({
  [KEY_BRAND]: true,
  toString(this: KeyValue): string {
    return this.text;
  },
  toJSON(this: KeyValue): string {
    return this.text;
  },
});
