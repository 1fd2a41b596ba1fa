/**
 * Splits the body of a colon-separated key and returns its parts, or `undefined` when their number is not that of the
 * tests or a part fails its test.
 */
export function readColonBody<const Tests extends readonly PartTest[]>(
  text: string,
  prefix: string,
  tests: Tests,
): { readonly [Part in keyof Tests]: string } | undefined {
  const parts = text.slice(prefix.length + 1).split(':', tests.length + 1);
  if (parts.length !== tests.length) return undefined;
  const fits = tests.every((test, index) => test(parts[index] as string));
  return fits ? (parts as { [Part in keyof Tests]: string }) : undefined;
}

type PartTest = (part: string) => boolean;
