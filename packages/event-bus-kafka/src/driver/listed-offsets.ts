/** Offsets of partitions, and why those of others cannot be read. A partition is in one of the two. */
export interface ListedOffsets {
  /** By partition; -1 where there is no event since a time. */
  readonly offsets: ReadonlyMap<number, number>;
  /** By partition: it has no leader, or its leader does not answer. */
  readonly failures: ReadonlyMap<number, Error>;
}
