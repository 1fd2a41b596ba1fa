/**
 * Where ListOffsets looks: at the first offset, behind the last event that may be read, at the end (open transactions
 * included), or at the first event since a time in milliseconds.
 */
export type OffsetSpec = 'earliest' | 'latest' | 'end' | number;

/** The timestamp that stands for it in a ListOffsets request. */
export function timestampOf(at: OffsetSpec): number {
  if (typeof at === 'number') return at;
  return at === 'earliest' ? -2 : -1;
}

/** Whether events of open transactions count, as the isolation level of a ListOffsets request. */
export function isolationLevelOf(at: OffsetSpec): number {
  return at === 'end' ? READ_UNCOMMITTED : READ_COMMITTED;
}

const READ_UNCOMMITTED = 0;
const READ_COMMITTED = 1;
