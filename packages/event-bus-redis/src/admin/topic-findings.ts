import {
  deadLetterTopic,
  fullTopicName,
  nearestName,
  okFinding,
  problemFinding,
  warningFinding,
} from '@openedx-ts/events-core/bus';
import type { Finding, LagQuery } from '@openedx-ts/events-core/operate';
import { deadLetterFindings } from './dead-letter-findings.js';
import { findStreams } from './find-streams.js';
import { groupFindings } from './group-findings.js';
import { groupLag } from './group-lag.js';
import { readStream, type StreamFacts } from './read-stream.js';
import type { RedisView } from './redis-view.js';
import { serverTime } from './server-time.js';
import { type TopicStream, topicsToLookAt } from './topics-to-look-at.js';

/** The state of topics, their groups and their dead letters. */
export async function topicFindings(view: RedisView, query: LagQuery): Promise<readonly Finding[]> {
  const { topics, deadLetterStreams, incomplete } = await topicsToLookAt(view, query.topics);
  const findings: Finding[] = [];
  if (incomplete !== undefined) findings.push(warningFinding('topics', incomplete, 'name them: --topic'));
  else if (topics.length === 0) findings.push(noTopics(view));
  const deadLetters = new Set(deadLetterStreams);
  for (const topic of topics) {
    const state = await readStream(view.ask, topic.stream);
    const subject = `topic ${topic.topic}`;
    if (state.kind === 'missing') findings.push(await missingFinding(view, topic));
    else if (state.kind === 'refused')
      findings.push(warningFinding(subject, state.reason, 'allow the user XINFO on it'));
    else if (state.kind === 'wrong-type') findings.push(wrongType(subject, topic.stream));
    else {
      findings.push(...(await streamFindings(view, topic, state, query.groupId)));
      for (const { groupId } of state.groups) deadLetters.add(deadLetterTopic(topic.stream, groupId));
    }
  }
  return [...findings, ...(await deadLetterFindings(view.ask, [...deadLetters], query.groupId))];
}

async function streamFindings(
  view: RedisView,
  { topic }: TopicStream,
  state: StreamFacts,
  groupId: string | undefined,
): Promise<readonly Finding[]> {
  const subject = `topic ${topic}`;
  const groups = state.groups.filter((group) => groupId === undefined || group.groupId === groupId);
  const findings = [okFinding(subject, `events: ${state.length}, groups: ${state.groups.length}`)];
  if (state.groups.length === 0) {
    const message = `events: ${state.length}, and nobody consumes them: the oldest are trimmed away`;
    findings[0] = warningFinding(
      subject,
      message,
      'start a consumer; a new group begins with new events, or --from earliest',
    );
  } else if (groups.length === 0) {
    const names = state.groups.map((group) => group.groupId);
    const nearest = nearestName(groupId ?? '', names);
    const hint = nearest === undefined ? `there is ${names.join(', ')}` : `did you mean ${nearest}?`;
    findings.push(
      warningFinding(
        subject,
        `it has no group ${groupId}`,
        `a group is made when its first consumer starts; ${hint}`,
      ),
    );
  }
  const nowMs = await serverTime(view.ask);
  const context = { ask: view.ask, topic, nowMs, maxLength: view.maxLength };
  for (const group of groups) {
    const lag = await groupLag(context, state, group);
    findings.push(...groupFindings(lag, state, group, view.maxLength));
  }
  return findings;
}

function noTopics({ topicPrefix }: RedisView): Finding {
  const where = topicPrefix ? ` whose name begins with ${topicPrefix}-` : '';
  return warningFinding(
    'topics',
    `there is no stream${where}`,
    'see whether the senders use the same Redis, the same database and the same EVENT_BUS_TOPIC_PREFIX',
  );
}

function wrongType(subject: string, stream: string): Finding {
  const message = `the key ${stream} is no stream: another program uses it, and nothing can be sent`;
  return problemFinding(
    subject,
    message,
    'remove that key, or choose another topic or EVENT_BUS_TOPIC_PREFIX',
  );
}

async function missingFinding(view: RedisView, { topic, stream }: TopicStream): Promise<Finding> {
  const { streams } = await findStreams(view.ask, '*');
  const samePlace = streams.find((name) => name === topic || name.endsWith(`-${topic}`));
  const nearest = nearestName(stream, streams);
  const senders = 'see whether a service is configured to send to it (EVENT_BUS_PRODUCER_CONFIG)';
  const message = `there is no stream ${stream}: nothing was sent and no consumer has started yet`;
  if (samePlace !== undefined) {
    const prefix = samePlace === topic ? 'not set' : samePlace.slice(0, -topic.length - 1);
    return warningFinding(
      `topic ${topic}`,
      `${message}; there is ${samePlace}`,
      `is EVENT_BUS_TOPIC_PREFIX right? There it is ${prefix}`,
    );
  }
  if (nearest === undefined) return warningFinding(`topic ${topic}`, message, senders);
  return warningFinding(
    `topic ${topic}`,
    message,
    `did you mean ${withoutPrefix(nearest, view.topicPrefix)}? Else ${senders}`,
  );
}

function withoutPrefix(stream: string, prefix: string | undefined): string {
  const start = fullTopicName('', prefix);
  return stream.startsWith(start) ? stream.slice(start.length) : stream;
}
