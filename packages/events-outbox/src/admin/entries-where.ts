/** The entries for which a condition holds, one after another; all without one. */
export async function entriesWhere<E>(
  entries: readonly E[],
  where: ((entry: E) => boolean | Promise<boolean>) | undefined,
): Promise<readonly E[]> {
  if (where === undefined) return entries;
  const found: E[] = [];
  for (const entry of entries) if (await where(entry)) found.push(entry);
  return found;
}
