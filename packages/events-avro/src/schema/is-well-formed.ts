/** Whether a text has no lone surrogates, which have no UTF-8 form. TypeScript declares the method only in ES2024. */
export function isWellFormed(text: string): boolean {
  return (text as string & { isWellFormed(): boolean }).isWellFormed();
}
