import type { GroupLag } from '@openedx-ts/events-core/operate';
import type { GroupLine } from '../answers/overview-answer.js';
import { groupKey, type LagHistory } from './lag-history.js';
import type { DeadLetterCount } from './slow-facts.js';
import { sumOrNull } from './sum-or-null.js';

/**
 * The groups of all topics, each over its lanes, sorted by topic and group; also those that left nothing but dead letters.
 *
 * @param history gets a sample of each lag
 */
export function groupLines(
  lags: readonly GroupLag[],
  deadLetters: readonly DeadLetterCount[],
  history: LagHistory,
): readonly GroupLine[] {
  const byGroup = new Map<string, GroupLag[]>();
  for (const lag of lags) byGroup.set(groupKey(lag), [...(byGroup.get(groupKey(lag)) ?? []), lag]);
  const sums = new Map([...byGroup].map(([key, lanes]) => [key, sumOrNull(lanes.map(({ lag }) => lag))]));
  history.add(new Map([...sums].filter((entry): entry is [string, number] => entry[1] !== null)));
  const counts = new Map(deadLetters.map((one) => [groupKey(one), one]));
  const lines = [...byGroup].map(([key, lanes]): GroupLine => {
    const { topic, groupId } = lanes[0] as GroupLag;
    const counted = counts.get(key);
    return {
      topic,
      groupId,
      members: greatest(lanes.map(({ members }) => members)),
      lag: sums.get(key) ?? null,
      pending: sumOrNull(lanes.map(({ pending }) => pending)),
      oldestAgeMs: greatest(lanes.map(({ oldestAgeMs }) => oldestAgeMs)),
      distanceToTrim: least(lanes.map(({ distanceToTrim }) => distanceToTrim)),
      deadLetters: counted === undefined ? 0 : counted.count,
      history: history.of(key),
      lanes: lanes.map(({ topic: _topic, groupId: _groupId, ...lane }) => lane),
    };
  });
  const gone = deadLetters.filter((one) => !byGroup.has(groupKey(one)) && one.count !== 0).map(goneLine);
  return [...lines, ...gone].sort(
    (one, other) => compare(one.topic, other.topic) || compare(one.groupId, other.groupId),
  );
}

/** A group that the broker does not know any more. */
function goneLine({ topic, groupId, count }: DeadLetterCount): GroupLine {
  return {
    ...{ topic, groupId, members: null, lag: null, pending: null, oldestAgeMs: null, distanceToTrim: null },
    ...{ deadLetters: count, history: [], lanes: [] },
  };
}

function greatest(numbers: readonly (number | null)[]): number | null {
  const known = numbers.filter((one) => one !== null);
  return known.length === 0 ? null : Math.max(...known);
}

function least(numbers: readonly (number | null)[]): number | null {
  const known = numbers.filter((one) => one !== null);
  return known.length === 0 ? null : Math.min(...known);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
