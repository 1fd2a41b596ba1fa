/** Joins the parts that are present with `+`; labelled parts come as `['branch', value]`. */
export function printPlusBody(parts: readonly PlusPart[]): string {
  const printed: string[] = [];
  for (const part of parts) {
    if (typeof part === 'string') printed.push(part);
    else if (part?.[1] !== undefined) printed.push(`${part[0]}@${part[1]}`);
  }
  return printed.join('+');
}

type PlusPart = string | undefined | readonly [label: string, value: string | undefined];
