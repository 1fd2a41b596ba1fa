/** Whether a text has no half of a surrogate pair; such text has no UTF-8 form. In Node since 20, in TypeScript's ES2024. */
export function isWellFormed(text: string): boolean {
  return (text as string & { isWellFormed(): boolean }).isWellFormed();
}
