import { InvalidOptionsError } from '@openedx-ts/events-core';
import { checkNewestQuery, newestFirst } from '@openedx-ts/events-core/bus';
import type {
  FollowedMessages,
  FollowOptions,
  NewestMessages,
  NewestQuery,
  StoredMessage,
  StoredPlace,
  TopicBrowser,
  TopicDescription,
} from '@openedx-ts/events-core/operate';
import type { RedisCommand, RedisReply } from '../driver/redis-command.js';
import type { RedisConnection } from '../driver/redis-connection.js';
import { RedisReplyError, thrownError } from '../driver/redis-reply-error.js';
import { compareEntryIds, entryTime, parseEntryId } from '../stream/entry-id.js';
import { entryPages } from '../stream/entry-pages.js';
import { fieldsOf, numberIn, textIn } from '../stream/info-reply.js';
import { entriesIn } from '../stream/stream-reply.js';
import { followStream } from './follow-stream.js';
import { storedMessageOf } from './stored-message-of.js';

/** Shows streams with `XINFO STREAM`, `XREVRANGE` and `XREAD`. A cursor is the id of an entry. */
export class RedisTopicBrowser implements TopicBrowser {
  readonly #connection: RedisConnection;
  readonly #maxLength: number;
  /** The connections of those who follow a stream. */
  readonly #following = new Set<RedisConnection>();

  /** @param maxLength the number of entries that producers trim streams to; `Infinity` for no trimming */
  constructor(connection: RedisConnection, maxLength: number) {
    this.#connection = connection;
    this.#maxLength = maxLength;
  }

  async newest(fullTopic: string, query: NewestQuery): Promise<NewestMessages> {
    checkNewestQuery(query);
    const { count, before } = query;
    const limit = before === undefined ? undefined : `(${checkedCursor(before, 'before')}`;
    const stream = await this.#stream(fullTopic);
    if (stream === undefined) return { messages: [], before: undefined, end: '0-0' };
    const { firstId, lastGeneratedId } = stream;
    const messages = await newestFirst([this.#backwards(fullTopic, limit ?? lastGeneratedId)], count);
    const oldest = messages.at(-1)?.position;
    const hasOlder = oldest !== undefined && firstId !== undefined && compareEntryIds(firstId, oldest) < 0;
    return { messages, before: hasOlder ? oldest : undefined, end: lastGeneratedId };
  }

  async *follow(
    fullTopic: string,
    { from, abortSignal }: FollowOptions,
  ): AsyncGenerator<FollowedMessages, void> {
    const given = from === undefined ? undefined : checkedCursor(from, 'from');
    const start = given ?? (await this.#stream(fullTopic))?.lastGeneratedId ?? '0-0';
    const connection = this.#connection.another({ clientName: 'openedx-events-follow' });
    this.#following.add(connection);
    try {
      yield* followStream(connection, fullTopic, start, abortSignal);
    } finally {
      this.#following.delete(connection);
      await connection.close();
    }
  }

  async describeTopic(fullTopic: string): Promise<TopicDescription | undefined> {
    const stream = await this.#stream(fullTopic);
    if (stream === undefined) return undefined;
    const { length, firstId, lastId } = stream;
    const maxMessages = Number.isFinite(this.#maxLength) ? this.#maxLength : null;
    return {
      lanes: [{ lane: fullTopic, length, first: placeAt(firstId), last: placeAt(lastId) }],
      retention: { maxAgeMs: null, maxBytes: null, maxMessages },
    };
  }

  /** Closes the connections of those who follow a stream: their next page fails. */
  async close(): Promise<void> {
    await Promise.all(Array.from(this.#following, (connection) => connection.close()));
  }

  async *#backwards(stream: string, from: string): AsyncGenerator<StoredMessage> {
    const call = (command: RedisCommand) => this.#connection.call(command);
    for await (const page of entryPages(call, stream, from, '-', 'XREVRANGE'))
      for (const entry of entriesIn(page).entries) yield storedMessageOf(stream, entry);
  }

  /** Undefined when there is no such stream. */
  async #stream(stream: string): Promise<StreamEnds | undefined> {
    const [reply] = await this.#connection.send([['XINFO', 'STREAM', stream]]);
    if (reply instanceof RedisReplyError) {
      if (/no such key/i.test(reply.message)) return undefined;
      throw thrownError(reply);
    }
    const fields = fieldsOf(reply ?? null);
    const idOf = (name: string) => {
      const entry = fields.get(name) as readonly [RedisReply] | null | undefined;
      return entry ? String(entry[0]) : undefined;
    };
    return {
      length: numberIn(fields, 'length') ?? 0,
      firstId: idOf('first-entry'),
      lastId: idOf('last-entry'),
      lastGeneratedId: textIn(fields, 'last-generated-id') ?? '0-0',
    };
  }
}

interface StreamEnds {
  readonly length: number;
  /** Undefined in an empty stream. */
  readonly firstId: string | undefined;
  readonly lastId: string | undefined;
  readonly lastGeneratedId: string;
}

function placeAt(id: string | undefined): StoredPlace | null {
  return id === undefined ? null : { position: id, storedAt: entryTime(id) };
}

/** @throws InvalidOptionsError */
function checkedCursor(cursor: string, path: 'before' | 'from'): string {
  const id = parseEntryId(cursor);
  if (id !== undefined) return `${id.ms}-${id.sequence}`;
  const message = 'is no cursor of this bus: pass one that newest or follow gave';
  throw new InvalidOptionsError('messages of a topic', [{ path, message }]);
}
