import {
  type DeadLetterOwner,
  deadLetterTopic,
  isRetryTopic,
  nearestName,
  okFinding,
  problemFinding,
  sharedDeadLetterFindings,
  type TopicName,
  warningFinding,
} from '@openedx-ts/events-core/bus';
import type { Finding, LagQuery } from '@openedx-ts/events-core/operate';
import { isLastEntryId } from '../stream/entry-id.js';
import { isUnwritten } from '../stream/unwritten-stream.js';
import { deadLetterFindings } from './dead-letter-findings.js';
import { entriesReadSince } from './entries-read-since.js';
import { groupFindings } from './group-findings.js';
import { groupLag } from './group-lag.js';
import { leaseFindings } from './lease-findings.js';
import { missingFinding, unwrittenFinding } from './name-findings.js';
import { readStream, type StreamFacts } from './read-stream.js';
import { redisTopics } from './redis-topics.js';
import type { RedisView } from './redis-view.js';
import { serverTime } from './server-time.js';

/** Checks topics, their groups and their dead letters. */
export async function topicFindings(view: RedisView, query: LagQuery): Promise<readonly Finding[]> {
  const { topics, deadLetterTopics, incomplete } = await redisTopics(view, query.topics);
  const findings: Finding[] = [];
  if (incomplete !== undefined) findings.push(warningFinding('topics', incomplete, 'name them: --topic'));
  else if (topics.length === 0) findings.push(noTopics(view));
  const deadLetters = new Set(deadLetterTopics);
  const owners: DeadLetterOwner[] = [];
  for (const topic of topics) {
    const state = await readStream(view.ask, topic.fullTopic);
    const subject = `topic ${topic.topic}`;
    if (state.kind === 'missing') findings.push(await missingFinding(view, topic));
    else if (state.kind === 'refused')
      findings.push(warningFinding(subject, state.reason, 'grant the user XINFO on it'));
    else if (state.kind === 'wrong-type') findings.push(wrongType(subject, topic.fullTopic));
    else {
      findings.push(...(await streamFindings(view, topic, state, query.groupId)));
      if (isRetryTopic(topic.fullTopic)) continue; // its dead letters are those of its source
      for (const { groupId } of state.groups) {
        deadLetters.add(deadLetterTopic(topic.fullTopic, groupId));
        owners.push({ fullTopic: topic.fullTopic, groupId });
      }
    }
  }
  findings.push(...sharedDeadLetterFindings(owners));
  return [...findings, ...(await deadLetterFindings(view.ask, [...deadLetters], query.groupId))];
}

async function streamFindings(
  view: RedisView,
  name: TopicName,
  state: StreamFacts,
  groupId: string | undefined,
): Promise<readonly Finding[]> {
  const { topic } = name;
  const subject = `topic ${topic}`;
  const groups = state.groups.filter((group) => groupId === undefined || group.groupId === groupId);
  const findings = [okFinding(subject, `events: ${state.length}, groups: ${state.groups.length}`)];
  if (state.groups.length === 0) {
    const message = `events: ${state.length}, but no group consumes them: the oldest ones are trimmed`;
    findings[0] = warningFinding(
      subject,
      message,
      'start a consumer; a new group starts with new events, or with all of them by --from earliest',
    );
  } else if (isUnwritten(state.lastGeneratedId)) findings[0] = await unwrittenFinding(view, name);
  if (isLastEntryId(state.lastGeneratedId)) findings.push(exhausted(subject, state.stream));
  if (state.groups.length > 0 && groups.length === 0) {
    const names = state.groups.map((group) => group.groupId);
    const nearest = nearestName(groupId ?? '', names);
    const hint = nearest === undefined ? `the groups are ${names.join(', ')}` : `did you mean ${nearest}?`;
    findings.push(
      warningFinding(
        subject,
        `it has no group ${groupId}`,
        `a group is created when its first consumer starts; ${hint}`,
      ),
    );
  }
  const nowMs = await serverTime(view.ask);
  const context = { ask: view.ask, topic, nowMs, maxLength: view.maxLength };
  const { maxLength } = view;
  const entriesReadSinceMs = await entriesReadSince(view.ask, state.stream, nowMs);
  for (const group of groups) {
    const lag = await groupLag(context, state, group);
    findings.push(...groupFindings(lag, state, group, { maxLength, entriesReadSinceMs }));
    findings.push(...(await leaseFindings(view, topic, state.stream, group.groupId)));
  }
  return findings;
}

function noTopics({ topicPrefix }: RedisView): Finding {
  const where = topicPrefix ? ` whose name starts with ${topicPrefix}-` : '';
  return warningFinding(
    'topics',
    `there is no stream${where}`,
    'check that producers use the same Redis, the same database and the same EVENT_BUS_TOPIC_PREFIX',
  );
}

function exhausted(subject: string, stream: string): Finding {
  return problemFinding(
    subject,
    `the stream ${stream} takes no event any more: somebody added an entry with the last id that there is`,
    'once its groups have processed it, RENAME it: senders and consumers then create the stream again',
  );
}

function wrongType(subject: string, fullTopic: string): Finding {
  const message = `the key ${fullTopic} is no stream: another program uses it, and no event can be sent`;
  return problemFinding(
    subject,
    message,
    'delete that key, or choose another topic or EVENT_BUS_TOPIC_PREFIX',
  );
}
