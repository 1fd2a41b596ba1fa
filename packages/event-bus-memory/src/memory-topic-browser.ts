import {
  checkNewestQuery,
  formatLaneCursor,
  newestFirst,
  parseLaneCursor,
} from '@openedx-ts/events-core/bus';
import type {
  FollowedMessages,
  FollowOptions,
  LaneDescription,
  NewestMessages,
  NewestQuery,
  StoredMessage,
  TopicBrowser,
  TopicDescription,
} from '@openedx-ts/events-core/operate';
import type { MemoryBroker } from './memory-broker.js';
import type { MemoryPartition } from './memory-topic.js';
import { storedMessageOf } from './stored-message-of.js';

/** Shows the topics of a `MemoryBroker`. */
export class MemoryTopicBrowser implements TopicBrowser {
  readonly #broker: MemoryBroker;

  constructor(broker: MemoryBroker) {
    this.#broker = broker;
  }

  async newest(fullTopic: string, query: NewestQuery): Promise<NewestMessages> {
    this.#broker.mustRun();
    checkNewestQuery(query);
    const { count, before } = query;
    const partitions = this.#partitions(fullTopic);
    const ends = before === undefined ? endsOf(partitions) : parseLaneCursor(before, 'before');
    const limits = new Map(partitions.map((_, partition) => [partition, ends.get(partition) ?? 0]));
    const lanes = partitions.map((one, partition) => backwards(one, limits.get(partition) ?? 0));
    const messages = await newestFirst(lanes, count);
    for (const { position } of messages) {
      const [partition = 0, offset = 0] = position.split(':').map(Number);
      limits.set(partition, offset);
    }
    const older = [...limits].filter(
      ([partition, limit]) => (partitions[partition]?.messages[0]?.offset ?? limit) < limit,
    );
    return {
      messages,
      before: older.length === 0 ? undefined : formatLaneCursor(new Map(older)),
      end: formatLaneCursor(endsOf(partitions)),
    };
  }

  async *follow(
    fullTopic: string,
    { from, abortSignal }: FollowOptions,
  ): AsyncGenerator<FollowedMessages, void> {
    this.#broker.mustRun();
    const start = from === undefined ? endsOf(this.#partitions(fullTopic)) : parseLaneCursor(from, 'from');
    const next = new Map(start);
    while (!abortSignal.aborted) {
      this.#broker.mustRun();
      const messages: StoredMessage[] = [];
      for (const partition of this.#partitions(fullTopic).keys()) {
        const page = this.#broker.topic(fullTopic).read(partition, next.get(partition) ?? 0, PAGE);
        const last = page.at(-1);
        if (last !== undefined) next.set(partition, last.offset + 1);
        messages.push(...page.map(storedMessageOf));
      }
      if (messages.length > 0) yield { messages, next: formatLaneCursor(next) };
      else await this.#broker.nextChange(abortSignal);
    }
  }

  async describeTopic(fullTopic: string): Promise<TopicDescription | undefined> {
    this.#broker.mustRun();
    if (!this.#broker.hasTopic(fullTopic)) return undefined;
    const lanes = this.#partitions(fullTopic).map(({ messages }, partition): LaneDescription => {
      const [first, last] = [messages[0], messages.at(-1)];
      return {
        lane: `${fullTopic}/${partition}`,
        length: messages.length,
        first: first === undefined ? null : placeOf(storedMessageOf(first)),
        last: last === undefined ? null : placeOf(storedMessageOf(last)),
      };
    });
    const maxMessages = this.#broker.retainedMessages;
    return { lanes, retention: { maxAgeMs: null, maxBytes: null, maxMessages } };
  }

  #partitions(fullTopic: string): readonly MemoryPartition[] {
    return this.#broker.hasTopic(fullTopic) ? this.#broker.topic(fullTopic).partitions : [];
  }
}

const PAGE = 100;

function endsOf(partitions: readonly MemoryPartition[]): ReadonlyMap<number, number> {
  return new Map(partitions.map(({ nextOffset }, partition) => [partition, nextOffset]));
}

/** The messages of a partition before an offset, newest first. */
async function* backwards({ messages }: MemoryPartition, limit: number): AsyncGenerator<StoredMessage> {
  for (let index = messages.length - 1; index >= 0; index -= 1) {
    const message = messages[index];
    if (message !== undefined && message.offset < limit) yield storedMessageOf(message);
  }
}

function placeOf({ position, storedAt }: StoredMessage) {
  return { position, storedAt };
}
