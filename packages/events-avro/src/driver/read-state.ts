/** State shared by the types while a record is read. Reads nest only if a custom type decodes inside `fromWire`. */
export interface ReadState {
  /** All bytes of a small record as one string, when all its text is ASCII; else null. See `TextType`. */
  ascii: string | null;
  /** The first error of a custom type; `failedValue` takes the place of its value. */
  failure: { readonly error: unknown } | null;
}

/** The state of the read that runs now; reading is synchronous. */
export const readState: ReadState = { ascii: null, failure: null };

/** Marks the place in the decoded data where a custom type failed. */
export const failedValue = Symbol('failed value');
