/** The two numbers of an entry id: milliseconds since 1970, and the sequence number within the millisecond. */
export interface EntryIdParts {
  readonly ms: bigint;
  readonly sequence: bigint;
}

/** Parses an entry id such as `1679676448892-0`; the sequence number may be missing. Undefined for any other text. */
export function parseEntryId(text: string): EntryIdParts | undefined {
  const [, ms, sequence = '0'] = /^(\d{1,20})(?:-(\d{1,20}))?$/.exec(text) ?? [];
  if (ms === undefined || BigInt(ms) > MAX || BigInt(sequence) > MAX) return undefined;
  return { ms: BigInt(ms), sequence: BigInt(sequence) };
}

/** The greatest id that is smaller than this one. A group at this position reads the given entry next. */
export function entryIdBefore({ ms, sequence }: EntryIdParts): string {
  if (sequence > 0n) return `${ms}-${sequence - 1n}`;
  return ms <= 0n ? '0-0' : `${ms - 1n}-${MAX}`;
}

/** The smallest id that is greater than this one. */
export function entryIdAfter({ ms, sequence }: EntryIdParts): string {
  return sequence < MAX ? `${ms}-${sequence + 1n}` : `${ms + 1n}-0`;
}

/** Behind this id no entry is pending: it is one less than the largest of a stream. */
export const LAST_ID = '18446744073709551615-18446744073709551614';

/** Whether no greater id exists, so that a stream that has generated it takes no entry any more. */
export function isLastEntryId(id: string): boolean {
  return id === `${MAX}-${MAX}`;
}

/** Compares two entry ids of Redis: negative when `a` is the smaller one. */
export function compareEntryIds(a: string, b: string): number {
  const [one, other] = [partsOf(a), partsOf(b)];
  if (one.ms !== other.ms) return one.ms < other.ms ? -1 : 1;
  if (one.sequence === other.sequence) return 0;
  return one.sequence < other.sequence ? -1 : 1;
}

/** When an entry was added, in milliseconds since 1970; null for an id that Redis did not generate. */
export function entryTime(id: string): number | null {
  const ms = Number(partsOf(id).ms);
  return ms >= YEAR_2001 && ms <= MAX_DATE ? ms : null;
}

/** Each part is a number of 64 bits. */
const MAX = 2n ** 64n - 1n;
const YEAR_2001 = 1_000_000_000_000;
/** No `Date` has a later time. */
const MAX_DATE = 8.64e15;

function partsOf(id: string): EntryIdParts {
  const [ms = '0', sequence = '0'] = id.split('-');
  return { ms: BigInt(ms), sequence: BigInt(sequence) };
}
