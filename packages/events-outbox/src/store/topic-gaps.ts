/** A range of topics, both ends left out. */
export interface TopicGap {
  readonly low: string;
  readonly high: string;
}

/** Adds the empty topic, which somebody may have written by hand: it lies in no range, and must be parked. */
export function knownTopics(floors: ReadonlyMap<string, bigint>): ReadonlyMap<string, bigint> {
  return new Map([['', 0n], ...floors]);
}

/** The ranges of topics between known ones, in the order of their bytes: a topic that is not known lies in one of them. */
export function topicGaps(known: readonly string[]): readonly TopicGap[] {
  const ends = ['', ...[...known].sort(byBytes), LAST];
  return ends.slice(1).map((high, index) => ({ low: ends[index] ?? '', high }));
}

/** The last code point; no topic starts with it. */
const LAST = '\u{10FFFF}';

function byBytes(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}
