/** Whether a text has no lone surrogates, which have no UTF-8 form. TypeScript declares the method only in ES2024. */
export function isWellFormed(text: string): boolean {
  return method.call(text);
}

/** Not looked up for each text: see `TextType`. */
const { isWellFormed: method } = String.prototype as unknown as { isWellFormed(this: string): boolean };
