/** Which of two entry ids comes first: negative when `a` does. */
export function compareEntryIds(a: string, b: string): number {
  const [aMs, aSequence] = partsOf(a);
  const [bMs, bSequence] = partsOf(b);
  if (aMs !== bMs) return aMs < bMs ? -1 : 1;
  if (aSequence === bSequence) return 0;
  return aSequence < bSequence ? -1 : 1;
}

/** When an entry was added, in milliseconds since 1970; null for an id that somebody made up. */
export function entryTime(id: string): number | null {
  const ms = Number(partsOf(id)[0]);
  return ms >= YEAR_2001 ? ms : null;
}

const YEAR_2001 = 1_000_000_000_000;

function partsOf(id: string): readonly [bigint, bigint] {
  const [ms = '0', sequence = '0'] = id.split('-');
  return [BigInt(ms), BigInt(sequence)];
}
