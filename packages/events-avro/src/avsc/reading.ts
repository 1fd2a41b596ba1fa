/** What the types share while one record is read. Reads nest only if a custom type decodes inside `fromWire`. */
export interface Reading {
  /** All bytes as one text, when every text in them is ASCII and they are few: see `TextType`. */
  ascii: string | null;
  /** The first error of a custom type; the place of its value is marked with `failedValue`. */
  failure: { readonly error: unknown } | null;
}

export const reading: Reading = { ascii: null, failure: null };

/** Stands in the decoded data where a custom type failed. */
export const failedValue = Symbol('failed value');
