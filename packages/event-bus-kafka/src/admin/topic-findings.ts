import {
  type DeadLetterOwner,
  deadLetterTopic,
  fullTopicName,
  isRetryTopic,
  nearestName,
  okFinding,
  problemFinding,
  sharedDeadLetterFindings,
  type TopicName,
  warningFinding,
} from '@openedx-ts/events-core/bus';
import type { Finding, LagQuery } from '@openedx-ts/events-core/operate';
import { hasZstd } from '../driver/compression/has-zstd.js';
import { kafkaTopicProblem } from '../options/kafka-topic-problem.js';
import type { BrokerFacts } from './cluster-reader.js';
import { configFindings } from './config-findings.js';
import { groupFindings } from './group-findings.js';
import { groupLags } from './group-lag.js';
import type { KafkaView } from './kafka-view.js';
import { type FoundGroups, readGroups, readsTopic } from './read-groups.js';
import { eventCount, readTopic, type TopicFacts } from './read-topic.js';
import { retentionMsOf } from './topic-retention.js';

/** The state of topics, their groups and their dead letters. */
export async function topicFindings(
  view: KafkaView,
  nodes: readonly BrokerFacts[],
  {
    topics,
    deadLetterTopics,
  }: { readonly topics: readonly TopicName[]; readonly deadLetterTopics: readonly string[] },
  { groupId }: LagQuery,
): Promise<readonly Finding[]> {
  const found = await readGroups(view.cluster, nodes, groupId);
  const findings: Finding[] = found.incomplete.map(({ message }) =>
    warningFinding(
      'groups',
      `there may be more groups: ${message}`,
      'allow the user Describe on groups; see the broker',
    ),
  );
  if (topics.length === 0) findings.push(noTopics(view));
  const deadLetters = new Set(deadLetterTopics);
  const owners: DeadLetterOwner[] = [];
  for (const name of topics) {
    const subject = `topic ${name.topic}`;
    const state = await readTopic(view.cluster, name.fullTopic);
    if (state.kind === 'missing') findings.push(await missingFinding(view, name));
    else if (state.kind === 'refused')
      findings.push(problemFinding(subject, state.reason, 'allow the user Describe and Read on it'));
    else {
      findings.push(...(await stateFindings(view, nodes.length, name, state, found, groupId)));
      if (isRetryTopic(name.fullTopic)) continue; // its dead letters are those of its source
      for (const { groupId: reader } of found.groups.filter((group) => readsTopic(group, name.fullTopic))) {
        const ownTopic = deadLetterTopic(name.fullTopic, reader);
        const problem = kafkaTopicProblem(ownTopic);
        if (problem === undefined) deadLetters.add(ownTopic);
        else findings.push(unusableGroup(reader, name.topic, problem));
        owners.push({ fullTopic: name.fullTopic, groupId: reader });
      }
    }
  }
  findings.push(...sharedDeadLetterFindings(owners));
  return [...findings, ...(await deadLetterFindings(view, nodes, [...deadLetters].sort(), groupId))];
}

async function stateFindings(
  view: KafkaView,
  nodes: number,
  { topic }: TopicName,
  state: TopicFacts,
  { groups }: FoundGroups,
  groupId: string | undefined,
): Promise<readonly Finding[]> {
  const subject = `topic ${topic}`;
  const events = eventCount(state);
  const config = await view.cluster.topicConfig(state.fullTopic);
  const readers = groups.filter((group) => readsTopic(group, state.fullTopic));
  const findings = [
    okFinding(
      subject,
      `events: about ${events}, partitions: ${state.partitions.length}, groups: ${readers.length}`,
    ),
  ];
  if (readers.length === 0 && groupId !== undefined)
    findings.push(
      warningFinding(
        subject,
        `it has no group ${groupId}`,
        'a group is there once its first consumer has joined: see EVENT_BUS_TOPIC_PREFIX and the group id',
      ),
    );
  else if (readers.length === 0 && events > 0)
    findings[0] = warningFinding(
      subject,
      `events: about ${events}, and nobody consumes them`,
      'start a consumer; a new group begins with new events, or --from earliest',
    );
  findings.push(...transactionFindings(subject, state));
  findings.push(
    ...configFindings(subject, state, config, {
      nodes,
      maxMessageBytes: view.maxMessageBytes,
      hasZstd: hasZstd(),
    }),
  );
  for (const group of readers) {
    const lags = await groupLags(view.cluster, topic, state, group);
    findings.push(...groupFindings(group, lags, retentionMsOf(config)));
  }
  return findings;
}

/** Events that nobody receives before a transaction of another producer ends. */
function transactionFindings(subject: string, { partitions }: TopicFacts): readonly Finding[] {
  const held = partitions.filter(({ end, readableEnd }) => (readableEnd ?? 0) < (end ?? 0));
  if (held.length === 0) return [];
  const count = held.reduce((sum, { end, readableEnd }) => sum + (end ?? 0) - (readableEnd ?? 0), 0);
  const places = held.map(({ partition }) => partition).join(', ');
  return [
    warningFinding(
      subject,
      `about ${count} events of partitions ${places} wait behind an open transaction of a producer`,
      'consumers receive them when it is committed or aborted; see the producer, and kafka-transactions --find-hanging',
    ),
  ];
}

/** Groups of other programs may have such names; the warning is no more than a line about them. */
function unusableGroup(groupId: string, topic: string, problem: string): Finding {
  return warningFinding(
    `group ${groupId} on ${topic}`,
    `consumers of this package refuse this group id, because no dead-letter topic <topic>.<group>.dlq is possible: ${problem}`,
    "as it should be for a group of another program; else choose another group id, or onFailure: 'drop' or 'stop'",
  );
}

function noTopics({ topicPrefix }: KafkaView): Finding {
  const where = topicPrefix ? ` whose name begins with ${topicPrefix}-` : '';
  return warningFinding(
    'topics',
    `there is no topic${where} that may be seen`,
    'see whether the senders use the same Kafka and the same EVENT_BUS_TOPIC_PREFIX, and whether the user may Describe it',
  );
}

async function missingFinding(view: KafkaView, { topic, fullTopic }: TopicName): Promise<Finding> {
  const subject = `topic ${topic}`;
  const names = await view.cluster.topicNames();
  const message = `there is no topic ${fullTopic}: consumers wait for it`;
  const samePlace = names.find((name) => name === topic || name.endsWith(`-${topic}`));
  if (samePlace !== undefined) {
    const prefix = samePlace === topic ? 'not set' : samePlace.slice(0, -topic.length - 1);
    const cure = `is EVENT_BUS_TOPIC_PREFIX right? There it is ${prefix}`;
    return warningFinding(subject, `${message}; there is ${samePlace}`, cure);
  }
  const make = 'create it, or let brokers do so when it is first used (auto.create.topics.enable)';
  const nearest = nearestName(fullTopic, names);
  if (nearest === undefined) return warningFinding(subject, message, make);
  const start = fullTopicName('', view.topicPrefix);
  const name = nearest.startsWith(start) ? nearest.slice(start.length) : nearest;
  return warningFinding(subject, message, `did you mean ${name}? Else ${make}`);
}

/** Topics that hold dead letters, and topics for them that are missing. */
async function deadLetterFindings(
  { cluster }: KafkaView,
  nodes: readonly BrokerFacts[],
  topics: readonly string[],
  groupId: string | undefined,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const missing: string[] = [];
  for (const topic of topics) {
    if (groupId !== undefined && !topic.endsWith(deadLetterTopic('', groupId))) continue;
    const state = await readTopic(cluster, topic);
    if (state.kind === 'missing') missing.push(topic);
    if (state.kind !== 'topic' || eventCount(state) === 0) continue;
    findings.push(
      warningFinding(
        `dead letters ${topic}`,
        `events dead-lettered: ${eventCount(state)}`,
        'see why with openedx-events dlq show, mend it, and send them again with dlq redrive',
      ),
    );
  }
  const [node] = nodes;
  if (missing.length === 0 || node === undefined || (await cluster.createsTopics(node)) !== false)
    return findings;
  const noPlace = missing.map((topic) =>
    warningFinding(
      `dead letters ${topic}`,
      'the topic does not exist and brokers do not create it: an event that is dead-lettered blocks its partition',
      'create it before it is needed (a group of Python services needs none)',
    ),
  );
  return [...findings, ...noPlace];
}
