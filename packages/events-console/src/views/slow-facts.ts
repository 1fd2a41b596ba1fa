import { fullTopicName } from '@openedx-ts/events-core/bus';
import {
  type DeadLetterQueue,
  type EventBusAdmin,
  type Finding,
  readDeadLetters,
  type TopicStore,
} from '@openedx-ts/events-core/operate';
import type { FindingLine, TopicLine } from '../answers/overview-answer.js';
import { shownText } from '../messages/shown-text.js';
import { sumOrNull } from './sum-or-null.js';
import { eventTopics, queuesOf } from './topic-names.js';

/** What the overview does not ask for each time: it takes long, and changes seldom. */
export interface SlowFacts {
  readonly findings: readonly FindingLine[];
  readonly topics: readonly Omit<TopicLine, 'groups'>[];
  readonly deadLetters: readonly DeadLetterCount[];
}

/** How many dead letters a group has of a topic; null for more than the console reads. */
export interface DeadLetterCount {
  readonly topic: string;
  readonly groupId: string;
  readonly count: number | null;
}

/** @throws InfrastructureError when the broker cannot be reached */
export async function slowFacts(admin: EventBusAdmin, store: TopicStore): Promise<SlowFacts> {
  const names = await store.topicNames();
  const events = eventTopics(store, names);
  const [findings, topics, deadLetters] = await Promise.all([
    admin.diagnose(),
    Promise.all(events.map((topic) => describe(store, topic))),
    Promise.all(queuesOf(store, events, names).map((queue) => deadLettersOf(store, queue))),
  ]);
  return { findings: findingLines(findings), topics, deadLetters };
}

async function describe(store: TopicStore, topic: string): Promise<Omit<TopicLine, 'groups'>> {
  const described = await store.describeTopic?.(fullTopicName(topic, store.topicPrefix));
  if (described === undefined) return { topic, lanes: null, length: null, lastStoredAt: null };
  const { lanes } = described;
  const times = lanes.map(({ last }) => last?.storedAt ?? null).filter((time) => time !== null);
  const lastStoredAt = times.length === 0 ? null : Math.max(...times);
  return { topic, lanes: lanes.length, length: sumOrNull(lanes.map(({ length }) => length)), lastStoredAt };
}

async function deadLettersOf(store: TopicStore, queue: DeadLetterQueue): Promise<DeadLetterCount> {
  const { topic, groupId } = queue;
  return { topic, groupId, count: await countOf(store, queue) };
}

async function countOf(store: TopicStore, queue: DeadLetterQueue): Promise<number | null> {
  let count = 0;
  for await (const _deadLetter of readDeadLetters(store, queue)) {
    count += 1;
    if (count > MAX_COUNTED) return null;
  }
  return count;
}

const MAX_COUNTED = 10_000;

function findingLines(findings: readonly Finding[]): readonly FindingLine[] {
  return findings
    .map(({ subject, verdict, message, cure }) => ({
      subject: shownText(subject) ?? '',
      verdict,
      message: shownText(message) ?? '',
      cure: shownText(cure),
    }))
    .sort((one, other) => SEVERITY[one.verdict] - SEVERITY[other.verdict]);
}

const SEVERITY = { problem: 0, warning: 1, ok: 2 } as const;
