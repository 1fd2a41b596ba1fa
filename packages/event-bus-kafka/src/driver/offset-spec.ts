/** Where ListOffsets looks: at the first offset, behind the last, or at the first event since a time in milliseconds. */
export type OffsetSpec = 'earliest' | 'latest' | number;

/** The timestamp that stands for it in a ListOffsets request. */
export function timestampOf(at: OffsetSpec): number {
  if (typeof at === 'number') return at;
  return at === 'latest' ? -1 : -2;
}
