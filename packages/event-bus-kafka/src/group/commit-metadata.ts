import { HandledAhead, MAX_SPAN } from './handled-ahead.js';

/**
 * The content of the text of a commit: Kafka itself keeps an offset, and neither the topic's id nor delivery counts. Written as
 * `openedx/1 topic=… deliveries=2 through=94 handled=…`. Keys that are not known are ignored, so that later versions can
 * add some.
 */
export interface CommitMetadata {
  /** The id of the topic that the offset belongs to; undefined where the broker has none. */
  readonly topicId: string | undefined;
  readonly counts: DeliveryCounts | undefined;
  /** What was handled behind the offset. */
  readonly handledAhead: HandledAhead;
}

/** How often the events from a committed offset on were delivered. */
export interface DeliveryCounts {
  /** How often the event at the offset of the commit may have been in flight when its process died; at least 1. */
  readonly deliveries: number;
  /** The last offset of the events that may have been in flight with it. */
  readonly through: number;
}

/** Most characters of a text: Kafka keeps 4,096 bytes by default (`offset.metadata.max.bytes`). */
export const MAX_METADATA_LENGTH = 4_000;

/**
 * The text of a commit at an offset; null when there is nothing to keep. What was handled behind the offset is kept as far
 * as it fits.
 */
export function formatCommitMetadata(
  { topicId, counts, handledAhead }: CommitMetadata,
  offset: number,
  maxLength = MAX_METADATA_LENGTH,
): string | null {
  const pairs = [FORMAT];
  if (topicId !== undefined) pairs.push(`topic=${topicId}`);
  if (counts !== undefined) {
    const { deliveries, through } = counts;
    pairs.push(`deliveries=${deliveries}`, `through=${Math.min(through, offset + MAX_SPAN)}`);
  }
  const length = pairs.join(' ').length + ' handled='.length;
  const handled = handledAhead.isEmpty ? '' : handledAhead.toText(offset, maxLength - length);
  if (handled !== '') pairs.push(`handled=${handled}`);
  return pairs.length === 1 ? null : pairs.join(' ');
}

/**
 * Reads the text of a commit at an offset. Texts of others, and texts that this package cannot have written, count as
 * nothing: undefined.
 *
 * @param maxDeliveries the greatest count that this package writes
 */
export function parseCommitMetadata(
  text: string | null,
  offset: number,
  maxDeliveries: number,
): CommitMetadata | undefined {
  if (text === null || text.length > MAX_METADATA_LENGTH) return undefined;
  const [format, ...pairs] = text.split(' ');
  const values = format === FORMAT ? valuesOf(pairs) : undefined;
  if (values === undefined) return undefined;
  const counts = countsIn(values, offset, maxDeliveries);
  const topicId = values.get('topic');
  const handled = values.get('handled');
  const handledAhead = handled === undefined ? HandledAhead.none : HandledAhead.fromText(handled, offset);
  const isTopicId = topicId === undefined || /^[\w-]{22}$/.test(topicId);
  if (counts === 'wrong' || handledAhead === undefined || !isTopicId) return undefined;
  return { topicId, counts, handledAhead };
}

const FORMAT = 'openedx/1';

/** Undefined when something is no `key=value`, or a key occurs twice. */
function valuesOf(pairs: readonly string[]): ReadonlyMap<string, string> | undefined {
  const values = new Map<string, string>();
  for (const pair of pairs) {
    const [, key, value] = /^([a-z][a-z0-9-]*)=(.+)$/.exec(pair) ?? [];
    if (key === undefined || value === undefined || values.has(key)) return undefined;
    values.set(key, value);
  }
  return values.size === 0 ? undefined : values;
}

function countsIn(
  values: ReadonlyMap<string, string>,
  offset: number,
  maxDeliveries: number,
): DeliveryCounts | undefined | 'wrong' {
  if (!values.has('deliveries') && !values.has('through')) return undefined;
  const deliveries = wholeNumber(values.get('deliveries'));
  const through = wholeNumber(values.get('through'));
  if (deliveries === undefined || deliveries < 1 || deliveries > maxDeliveries) return 'wrong';
  if (through === undefined || through < offset || through > offset + MAX_SPAN) return 'wrong';
  return { deliveries, through };
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^(0|[1-9]\d{0,15})$/.test(text) ? Number(text) : undefined;
}
