/**
 * What a commit says of the events from its offset on: Kafka itself does not count deliveries. Written as
 * `openedx/1 deliveries=2 through=94`; keys that are not known are ignored, so that later versions can add some.
 */
export interface CommitMetadata {
  /** How often the event at the offset of the commit may have been in flight when its process died; at least 1. */
  readonly deliveries: number;
  /** The last offset of the events that may have been in flight with it. */
  readonly through: number;
}

/** The text of a commit at an offset. */
export function formatCommitMetadata({ deliveries, through }: CommitMetadata, offset: number): string {
  return `${FORMAT} deliveries=${deliveries} through=${Math.min(through, offset + MAX_SPAN)}`;
}

/**
 * Reads the text of a commit at an offset. Texts of others, and values that this package cannot have written, count as
 * nothing: undefined.
 *
 * @param maxDeliveries the greatest count that this package writes
 */
export function parseCommitMetadata(
  text: string | null,
  offset: number,
  maxDeliveries: number,
): CommitMetadata | undefined {
  if (text === null || text.length > MAX_LENGTH) return undefined;
  const [format, ...pairs] = text.split(' ');
  if (format !== FORMAT) return undefined;
  const deliveries = numberOf(pairs, 'deliveries');
  const through = numberOf(pairs, 'through');
  if (deliveries === undefined || deliveries < 1 || deliveries > maxDeliveries) return undefined;
  if (through === undefined || through < offset || through > offset + MAX_SPAN) return undefined;
  return { deliveries, through };
}

const FORMAT = 'openedx/1';
/** Few of the 4,096 bytes that Kafka keeps by default (`offset.metadata.max.bytes`). */
const MAX_LENGTH = 500;
/** More offsets than can be in flight in one partition, also where compaction has left gaps. */
const MAX_SPAN = 1_000_000;

/** The value of a key that occurs once; undefined when it is no whole number. */
function numberOf(pairs: readonly string[], key: string): number | undefined {
  const values = pairs.filter((pair) => pair.startsWith(`${key}=`)).map((pair) => pair.slice(key.length + 1));
  const [value] = values;
  return values.length === 1 && /^\d{1,15}$/.test(value as string) ? Number(value) : undefined;
}
