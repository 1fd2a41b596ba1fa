import { comparePositions } from '@openedx-ts/events-core/operate';

/** Positions of one lane. */
export interface PositionRange {
  /** The first one; undefined for the start of the lane. */
  readonly from: string | undefined;
  /** The last one; undefined for its end. */
  readonly to: string | undefined;
}

/**
 * Reads `0:17`, `0:17..0:40`, `0:17..` or `..0:40`, both ends included.
 *
 * @returns undefined for anything else
 */
export function positionRange(text: string): PositionRange | undefined {
  const [from = '', to = from, ...more] = text.split('..').map((part) => part.trim());
  const given = [from, to].filter(Boolean);
  if (more.length > 0 || given.length === 0 || !given.every((one) => /^\d+(?:[:-]\d+)*$/.test(one)))
    return undefined;
  return { from: from || undefined, to: to || undefined };
}

/** Whether a position is within a range: positions of other partitions are not. */
export function isInRange(position: string, { from, to }: PositionRange): boolean {
  return (
    [from, to].every((end) => end === undefined || partitionIn(end) === partitionIn(position)) &&
    (from === undefined || comparePositions(position, from) >= 0) &&
    (to === undefined || comparePositions(position, to) <= 0)
  );
}

/** `0` of `0:17`; empty where a topic has one lane, as on Redis. */
function partitionIn(position: string): string {
  return position.slice(0, Math.max(0, position.lastIndexOf(':')));
}
