/**
 * Replaces the table of a part, which is between two comments of its name.
 *
 * @throws Error when the text has no place for it
 */
export function withTable(text: string, part: string, table: string): string {
  const [start, end] = [`<!-- ${part} -->`, `<!-- /${part} -->`];
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`There is no place for ${part}: ${start} … ${end}`);
  return `${text.slice(0, from + start.length)}\n${table}\n${text.slice(to)}`;
}
