import { okFinding, problemFinding, warningFinding } from '@openedx-ts/events-core/bus';
import type { Finding, GroupLag } from '@openedx-ts/events-core/operate';
import type { GroupFacts, StreamFacts } from './read-stream.js';

/** From then on an entry that was delivered and not acknowledged, or a silent member, is worth a look. */
const OLD_MS = 5 * 60_000;
/** A group further behind than this share of the trimming length is in danger. */
const NEAR_TRIM = 0.2;

/** What there is to say of one group. */
export function groupFindings(
  lag: GroupLag,
  stream: StreamFacts,
  group: GroupFacts,
  maxLength: number,
): readonly Finding[] {
  const subject = `group ${lag.groupId} on ${lag.topic}`;
  const findings = [
    ...trimFindings(subject, lag, maxLength),
    ...memberFindings(subject, lag, group),
    ...movedFindings(subject, stream, group),
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
        `${-distanceToTrim} events were trimmed before the group had handled them: they are lost to it`,
        faster,
      ),
    ];
  if (distanceToTrim !== null && distanceToTrim < maxLength * NEAR_TRIM) {
    const message = `after ${distanceToTrim} further events the first is trimmed that the group has not handled`;
    return [warningFinding(subject, message, faster)];
  }
  if (lag !== null && lag > 0 && oldestAgeMs !== null && oldestAgeMs > OLD_MS)
    return [
      warningFinding(
        subject,
        `${lag} events wait, the oldest for ${minutes(oldestAgeMs)}`,
        'see whether its members run and what they wait for (health, log)',
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
      warningFinding(subject, 'no member of the group is at work', 'start a consumer with this group id'),
    );
  const dead = members.filter((member) => member.pending > 0 && member.idleMs > OLD_MS);
  for (const { name, pending: held, idleMs } of dead)
    findings.push(
      warningFinding(
        subject,
        `member ${name} holds ${held} events and was last heard of ${minutes(idleMs)} ago`,
        'start a consumer of this group: it takes them over after claimIdleMs; a Python member takes over ' +
          'nothing, it must come back under the same name',
      ),
    );
  if (dead.length === 0 && (pending ?? 0) > 0 && oldestAgeMs !== null && oldestAgeMs > OLD_MS)
    findings.push(
      warningFinding(
        subject,
        `${pending} events are in hand, the oldest was sent ${minutes(oldestAgeMs)} ago`,
        'see what its receivers wait for (health, log)',
      ),
    );
  return findings;
}

/**
 * A group at the end of its stream without having read up to there was put there. Redis forgets its count then, and
 * has it again once the group reads the next entry.
 */
function movedFindings(subject: string, stream: StreamFacts, group: GroupFacts): readonly Finding[] {
  const hasRead = group.pending > 0 || group.members.some(({ hasReceived }) => hasReceived ?? true);
  const isMoved =
    stream.countsReads &&
    group.entriesRead === null &&
    hasRead &&
    group.lastDeliveredId === stream.lastGeneratedId;
  if (!isMoved) return [];
  return [
    warningFinding(
      subject,
      'somebody moved the group to the end of the stream (XGROUP SETID), as a Python member does when it starts: ' +
        'events before it that were not delivered are skipped',
      'give Python and TypeScript members different groups',
    ),
  ];
}

/** A group's state in a few words. */
function summary({ lag, pending, oldestAgeMs }: GroupLag): string {
  if (lag === 0 && pending === 0) return 'all handled';
  const age = oldestAgeMs === null ? '' : `, oldest ${Math.round(oldestAgeMs / 1_000)} s`;
  return `waiting ${lag ?? 'unknown'}, in hand ${pending ?? 'unknown'}${age}`;
}

function minutes(durationMs: number): string {
  return `${Math.round(durationMs / 60_000)} min`;
}
