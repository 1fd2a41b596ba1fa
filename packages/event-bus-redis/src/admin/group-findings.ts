import { okFinding, problemFinding, warningFinding } from '@openedx-ts/events-core/bus';
import type { Finding, GroupLag } from '@openedx-ts/events-core/operate';
import { entryTime } from '../stream/entry-id.js';
import type { GroupFacts, StreamFacts } from './read-stream.js';

/** Age in milliseconds from which a pending entry, or an idle member, is reported. */
const OLD_MS = 5 * 60_000;
/** The same where Redis does not count reads that bring nothing. */
const INEXACT_OLD_MS = 24 * 60 * 60_000;
/** With less than this share of the stream length left before trimming, a group is reported. */
const NEAR_TRIM = 0.2;

/** What the findings of a group depend on, besides the facts about it. */
export interface GroupContext {
  /** Number of entries that producers trim the stream to; `Infinity` for no trimming. */
  readonly maxLength: number;
  /** The time since which the server has counted what groups read: see `entriesReadSince`. */
  readonly entriesReadSinceMs: number;
}

/** Checks one group: distance to trimming, members, whether it was moved. */
export function groupFindings(
  lag: GroupLag,
  stream: StreamFacts,
  group: GroupFacts,
  { maxLength, entriesReadSinceMs }: GroupContext,
): readonly Finding[] {
  const subject = `group ${lag.groupId} on ${lag.topic}`;
  const findings = [
    ...trimFindings(subject, lag, maxLength),
    ...memberFindings(subject, lag, group),
    ...endedMemberFindings(subject, group),
    ...movedFindings(subject, stream, group, entriesReadSinceMs),
  ];
  return findings.length > 0 ? findings : [okFinding(subject, `${summary(lag)}, members ${lag.members}`)];
}

function trimFindings(
  subject: string,
  { distanceToTrim, lag, oldestAgeMs }: GroupLag,
  maxLength: number,
): readonly Finding[] {
  const faster = 'add members or make receivers faster; raise EVENT_BUS_REDIS_STREAM_MAX_LEN on the senders';
  if (distanceToTrim !== null && distanceToTrim < 0)
    return [
      problemFinding(
        subject,
        `${-distanceToTrim} events were trimmed before the group had processed them: they are lost to it`,
        faster,
      ),
    ];
  if (distanceToTrim !== null && distanceToTrim < maxLength * NEAR_TRIM) {
    const message = `after ${distanceToTrim} more events, the first one is trimmed that the group has not processed`;
    return [warningFinding(subject, message, faster)];
  }
  if (lag !== null && lag > 0 && oldestAgeMs !== null && oldestAgeMs > OLD_MS)
    return [
      warningFinding(
        subject,
        `${lag} events wait, the oldest for ${minutes(oldestAgeMs)}`,
        'check that its members run, and what they wait for (health, log)',
      ),
    ];
  return [];
}

function memberFindings(
  subject: string,
  { lag, pending, oldestAgeMs }: GroupLag,
  { members }: GroupFacts,
): readonly Finding[] {
  const findings: Finding[] = [];
  if (members.every(({ idleMs }) => idleMs > OLD_MS) && (lag ?? 0) > 0)
    findings.push(
      warningFinding(subject, 'no member of the group is active', 'start a consumer with this group id'),
    );
  const dead = members.filter((member) => member.pending > 0 && member.idleMs > OLD_MS);
  for (const { name, pending: held, idleMs } of dead)
    findings.push(
      warningFinding(
        subject,
        `${held} events are pending for member ${name}, which was last active ${minutes(idleMs)} ago`,
        'start a consumer of this group: it claims them after claimIdleMs; a Python member claims nothing and must ' +
          'start again under the same name',
      ),
    );
  if (dead.length === 0 && (pending ?? 0) > 0 && oldestAgeMs !== null && oldestAgeMs > OLD_MS)
    findings.push(
      warningFinding(
        subject,
        `${pending} events are pending, the oldest was sent ${minutes(oldestAgeMs)} ago`,
        'check what its receivers wait for (health, log)',
      ),
    );
  return findings;
}

/** Members of processes that crashed: Redis never removes one. */
function endedMemberFindings(subject: string, { members }: GroupFacts): readonly Finding[] {
  const ended = members.filter(({ pending, idleMs, hasReceived }) => {
    const isIdleExact = hasReceived !== null; // earlier versions count only what brings entries
    return pending === 0 && idleMs > (isIdleExact ? OLD_MS : INEXACT_OLD_MS);
  });
  if (ended.length === 0) return [];
  const longest = minutes(Math.max(...ended.map(({ idleMs }) => idleMs)));
  return [
    warningFinding(
      subject,
      `${ended.length} of ${members.length} members have ended without leaving the group, one of them ${longest} ago; nothing is pending for them`,
      'a consumer that runs removes them after ten times claimIdleMs, if its user has the rights of the README ' +
        '("Access"); XGROUP DELCONSUMER loses events if one of these names is in use',
    ),
  ];
}

/**
 * A group at the end of its stream that has not read up to there was moved. Redis then does not know the number of
 * entries read until the group reads the next entry. Old versions also forget it when they restart.
 */
function movedFindings(
  subject: string,
  stream: StreamFacts,
  group: GroupFacts,
  entriesReadSinceMs: number,
): readonly Finding[] {
  const hasRead = group.pending > 0 || group.members.some(({ hasReceived }) => hasReceived ?? true);
  const isMoved =
    stream.countsReads &&
    group.entriesRead === null &&
    hasRead &&
    (entryTime(group.lastDeliveredId) ?? 0) >= entriesReadSinceMs &&
    group.lastDeliveredId === stream.lastGeneratedId;
  if (!isMoved) return [];
  return [
    warningFinding(
      subject,
      'the group was moved to the end of the stream (XGROUP SETID), as a Python member does when it starts: ' +
        'events that were not delivered before are skipped',
      'use different groups for Python and TypeScript members',
    ),
  ];
}

/** The state of a group in a few words. */
function summary({ lag, pending, oldestAgeMs }: GroupLag): string {
  if (lag === 0 && pending === 0) return 'all processed';
  const age = oldestAgeMs === null ? '' : `, oldest ${Math.round(oldestAgeMs / 1_000)} s`;
  return `lag ${lag ?? 'unknown'}, pending ${pending ?? 'unknown'}${age}`;
}

function minutes(durationMs: number): string {
  return `${Math.round(durationMs / 60_000)} min`;
}
