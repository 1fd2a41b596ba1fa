import { okFinding, problemFinding, warningFinding } from '@openedx-ts/events-core/bus';
import type { Finding } from '@openedx-ts/events-core/operate';
import { durationText } from './duration-text.js';
import type { PartitionLag } from './group-lag.js';
import type { GroupFacts } from './read-groups.js';

/** Of a group with such members, Kafka shows in the older requests neither the state nor the members. */
const CONSUMER_PROTOCOL =
  'some members speak the consumer protocol of Kafka 4, for which kafka-consumer-groups --members shows all: members of ' +
  'this package join it, and Kafka assigns the partitions';
/** The age from which a waiting event is reported. */
const OLD_MS = 5 * 60_000;
/** A group whose oldest event has been there for this share of the topic's retention is in danger. */
const NEAR_RETENTION = 0.8;

/**
 * The findings of one group on one topic.
 *
 * @param lags of all partitions
 * @param retentionMs how long the topic keeps events; undefined when that is not known, `Infinity` for ever
 */
export function groupFindings(
  group: GroupFacts,
  lags: readonly PartitionLag[],
  retentionMs: number | undefined,
): readonly Finding[] {
  const [some] = lags;
  if (some === undefined) return [];
  const members = group.state === 'Dead' ? CONSUMER_PROTOCOL : `members ${some.members}`;
  const subject = `group ${group.groupId} on ${some.topic}`;
  const findings = [
    ...lossFindings(subject, lags),
    ...positionFindings(subject, group, lags),
    ...waitFindings(subject, lags, retentionMs),
    ...memberFindings(subject, group),
  ];
  return findings.length > 0 ? findings : [okFinding(subject, `${summary(lags)}, ${members}`)];
}

function lossFindings(subject: string, lags: readonly PartitionLag[]): readonly Finding[] {
  const findings: Finding[] = [];
  const lost = lags.filter(({ distanceToTrim }) => distanceToTrim !== null);
  if (lost.length > 0) {
    const count = lost.reduce((sum, { distanceToTrim }) => sum - (distanceToTrim ?? 0), 0);
    findings.push(
      problemFinding(
        subject,
        `${count} events of ${partitionText(lost)} were deleted before the group had handled them: they are lost to it`,
        "raise the topic's retention.ms or retention.bytes; add members or make receivers faster",
      ),
    );
  }
  const beyond = lags.filter(({ committed, end }) => committed !== null && end !== null && committed > end);
  if (beyond.length > 0)
    findings.push(
      problemFinding(
        subject,
        `its position on ${partitionText(beyond)} is behind the last event, as if the topic were deleted and made anew`,
        'nothing to do where that is so: members go on with the first event there is; else see who moved the group',
      ),
    );
  return findings;
}

function positionFindings(
  subject: string,
  { members }: GroupFacts,
  lags: readonly PartitionLag[],
): readonly Finding[] {
  const without = lags.filter(({ committed }) => committed === null);
  const held = without.reduce((sum, { length }) => sum + (length ?? 0), 0);
  if (without.length === lags.length) {
    const message = 'the group has no position on this topic';
    const cure =
      members.length === 0
        ? 'start a consumer: its first member fixes the position'
        : 'a member of this package fixes it when it joins, a Python one with the first event it handles: see its log';
    return [warningFinding(subject, message, cure)];
  }
  if (without.length === 0 || held === 0) return [];
  return [
    warningFinding(
      subject,
      `it has no position on ${partitionText(without)}: members here begin with the first event there, ${held} in all`,
      'as it should be for partitions that were added. A group of Python has no position where it has handled nothing: ' +
        'to skip what is there, set the position before the first member starts (kafka-consumer-groups --reset-offsets)',
    ),
  ];
}

function waitFindings(
  subject: string,
  lags: readonly PartitionLag[],
  retentionMs: number | undefined,
): readonly Finding[] {
  const waiting = lags.filter(({ lag }) => (lag ?? 0) > 0);
  if (waiting.length === 0) return [];
  const findings: Finding[] = [];
  const members = lags[0]?.members;
  const oldest = oldestOf(waiting);
  if (members === 0)
    findings.push(
      warningFinding(
        subject,
        `${eventsWaiting(waiting)} and no member reads the topic`,
        'start a consumer with this group id',
      ),
    );
  else if (oldest !== null && oldest > OLD_MS)
    findings.push(
      warningFinding(
        subject,
        `${eventsWaiting(waiting)}, the oldest for ${durationText(oldest)}`,
        'see whether its members run and what they wait for (health, log)',
      ),
    );
  if (oldest !== null && retentionMs !== undefined && oldest > retentionMs * NEAR_RETENTION)
    findings.push(
      warningFinding(
        subject,
        `the topic keeps events for ${durationText(retentionMs)}: the oldest that waits may be deleted ` +
          (oldest < retentionMs ? `in ${durationText(retentionMs - oldest)}` : 'at any time'),
        "raise the topic's retention.ms; add members or make receivers faster",
      ),
    );
  return findings;
}

function memberFindings(subject: string, { state, isForeign, members }: GroupFacts): readonly Finding[] {
  if (isForeign)
    return [
      warningFinding(
        subject,
        'its members use another assignment protocol: consumers of this package and of Python cannot join them',
        'give each kind of consumer a group of its own, or stop the others first',
      ),
    ];
  if (state !== 'PreparingRebalance' && state !== 'CompletingRebalance') return [];
  return [
    warningFinding(
      subject,
      `the group is rebalancing (${state}, members ${members.length})`,
      'it takes as long as the slowest member needs to finish; if it stays so, see whether members come and go, or a ' +
        'receiver blocks its event loop',
    ),
  ];
}

/** The state of a group in a few words. */
function summary(lags: readonly PartitionLag[]): string {
  const waiting = lags.filter(({ lag }) => lag !== 0);
  if (waiting.length === 0) return 'all handled';
  const oldest = oldestOf(waiting);
  return `${eventsWaiting(waiting)}${oldest === null ? '' : `, the oldest for ${durationText(oldest)}`}`;
}

function eventsWaiting(lags: readonly PartitionLag[]): string {
  return `waiting ${lags.reduce((sum, { lag }) => sum + (lag ?? 0), 0)}`;
}

function oldestOf(lags: readonly PartitionLag[]): number | null {
  return lags.reduce<number | null>(
    (oldest, { oldestAgeMs }) =>
      oldestAgeMs === null ? oldest : Math.max(oldest ?? oldestAgeMs, oldestAgeMs),
    null,
  );
}

function partitionText(lags: readonly PartitionLag[]): string {
  const ids = lags.map(({ partition }) => partition);
  return `${ids.length === 1 ? 'partition' : 'partitions'} ${ids.join(', ')}`;
}
