import { bareWireFormat } from '@openedx-ts/events-avro';
import { InvalidOptionsError } from '@openedx-ts/events-core';
import type { Message, WireFormat } from '@openedx-ts/events-core/bus';
import type {
  FollowedMessages,
  FollowOptions,
  GroupFate,
  GroupProgress,
  NewestMessages,
  NewestQuery,
  ReadBounds,
  StoredMessage,
  TopicDescription,
  TopicStore,
} from '@openedx-ts/events-core/operate';
import type { RedisReply } from '../driver/redis-command.js';
import type { RedisConnection } from '../driver/redis-connection.js';
import { RedisReplyError, thrownError } from '../driver/redis-reply-error.js';
import { leaseKey } from '../lease/lease-key.js';
import { RedisSchemaStore } from '../schemas/redis-schema-store.js';
import {
  compareEntryIds,
  type EntryIdParts,
  entryIdAfter,
  entryIdBefore,
  parseEntryId,
} from '../stream/entry-id.js';
import { entryPages } from '../stream/entry-pages.js';
import { fieldsOf, numberIn, textIn } from '../stream/info-reply.js';
import { toEntryFields } from '../stream/stream-entry.js';
import { entriesIn } from '../stream/stream-reply.js';
import { createRetryStream } from './create-retry-stream.js';
import { findStreams, literalPattern } from './find-streams.js';
import { groupFates } from './group-fates.js';
import { RedisTopicBrowser } from './redis-topic-browser.js';
import { storedMessageOf } from './stored-message-of.js';

/**
 * The streams of the Redis bus for operators' tools. It reads with `XRANGE`, `XREVRANGE`, `XREAD`, `XINFO`, `EXISTS` and
 * `SCAN`; it sends dead letters again with `XADD`, which does not trim here, deletes them with `XDEL`, and moves groups
 * with `XGROUP SETID` or `XGROUP CREATE`.
 */
export class RedisTopicStore implements TopicStore {
  readonly topicPrefix: string | undefined;
  readonly wireFormat: WireFormat;
  readonly #connection: RedisConnection;
  readonly #browser: RedisTopicBrowser;

  /** @param maxLength the number of entries that producers trim streams to; `Infinity` for no trimming */
  constructor(connection: RedisConnection, topicPrefix: string | undefined, maxLength: number) {
    this.topicPrefix = topicPrefix;
    this.#browser = new RedisTopicBrowser(connection, maxLength);
    this.wireFormat = bareWireFormat({ schemas: new RedisSchemaStore(connection, topicPrefix) });
    this.#connection = connection;
  }

  async topicNames(): Promise<readonly string[]> {
    const start = this.topicPrefix ? `${this.topicPrefix}-` : '';
    const { streams, incomplete } = await findStreams(this.#connection, `${literalPattern(start)}*`);
    if (incomplete === undefined) return streams;
    const message = `the dead-letter topics cannot be listed (${incomplete}): name the group`;
    throw new InvalidOptionsError('dead letters', [{ path: 'groupId', message }]);
  }

  async *read(
    fullTopic: string,
    { from, after, since = 0, until }: ReadBounds = {},
  ): AsyncGenerator<readonly StoredMessage[]> {
    const newest = await this.#newestId(fullTopic);
    if (newest === undefined) return;
    const isEarlier = until !== undefined && until < Number(checkedId(newest).ms);
    const end = isEarlier ? String(Math.floor(until)) : newest; // without a sequence number: all of that millisecond
    const first = from === undefined ? String(Math.max(0, Math.ceil(since))) : idText(checkedId(from));
    const behind = after === undefined ? '0-0' : entryIdAfter(checkedId(after));
    const start = compareEntryIds(first, behind) < 0 ? behind : first;
    for await (const page of entryPages((command) => this.#connection.call(command), fullTopic, start, end)) {
      yield entriesIn(page).entries.map((entry) => storedMessageOf(fullTopic, entry));
    }
  }

  async write(message: Message): Promise<string> {
    return String(await this.#connection.call(['XADD', message.topic, '*', ...toEntryFields(message)]));
  }

  createRetryTopic(fullTopic: string, groupId: string): Promise<void> {
    return createRetryStream(this.#connection, fullTopic, groupId);
  }

  async remove(fullTopic: string, positions: readonly string[]): Promise<void> {
    for (let index = 0; index < positions.length; index += PAGE)
      await this.#connection.call(['XDEL', fullTopic, ...positions.slice(index, index + PAGE)]);
  }

  /**
   * Redis keeps members that are gone and does not report which ones are connected. A member counts as active when it has
   * sent a command within the last minute, which is how long the Python bus blocks, or holds the lease of `singleActive`.
   */
  async groupProgress(fullTopic: string, groupId: string): Promise<GroupProgress | undefined> {
    if ((await this.#newestId(fullTopic)) === undefined) return undefined;
    const groups = (await this.#connection.call(['XINFO', 'GROUPS', fullTopic])) as readonly RedisReply[];
    const group = groups.map(fieldsOf).find((fields) => textIn(fields, 'name') === groupId);
    if (group === undefined) return undefined;
    const consumers = await this.#connection.call(['XINFO', 'CONSUMERS', fullTopic, groupId]);
    const idles = (consumers as readonly RedisReply[]).map(
      (fields) => numberIn(fieldsOf(fields), 'idle') ?? 0,
    );
    const active = idles.filter((idleMs) => idleMs < ACTIVE_MS).length;
    const leases = Number(
      await this.#connection.call(['EXISTS', leaseKey(this.#connection, fullTopic, groupId)]),
    );
    const next = entryIdAfter(checkedId(textIn(group, 'last-delivered-id') ?? '0-0'));
    const members = Math.max(active, leases);
    return { activeMembers: members, readers: members, next: new Map([[fullTopic, next]]) };
  }

  /** An entry that is still pending for a member that is gone is delivered to the next member that reads it, and once. */
  async moveGroup(fullTopic: string, groupId: string, positions: readonly string[]): Promise<void> {
    const [position] = positions;
    if (position === undefined) return;
    const id = entryIdBefore(checkedId(position));
    const [reply] = await this.#connection.send([['XGROUP', 'SETID', fullTopic, groupId, id]]);
    if (!(reply instanceof RedisReplyError)) return;
    if (reply.code !== 'NOGROUP') throw thrownError(reply);
    await this.#connection.call(['XGROUP', 'CREATE', fullTopic, groupId, id]);
  }

  async fateOf(fullTopic: string, position: string): Promise<readonly GroupFate[]> {
    const id = idText(checkedId(position));
    if ((await this.#newestId(fullTopic)) === undefined) return [];
    return groupFates((command) => this.#connection.call(command), fullTopic, id);
  }

  newest(fullTopic: string, query: NewestQuery): Promise<NewestMessages> {
    return this.#browser.newest(fullTopic, query);
  }

  follow(fullTopic: string, options: FollowOptions): AsyncIterable<FollowedMessages> {
    return this.#browser.follow(fullTopic, options);
  }

  describeTopic(fullTopic: string): Promise<TopicDescription | undefined> {
    return this.#browser.describeTopic(fullTopic);
  }

  /** Ends those who follow a stream. */
  close(): Promise<void> {
    return this.#browser.close();
  }

  /** The id of the newest entry that was ever added; undefined when there is no such stream. */
  async #newestId(stream: string): Promise<string | undefined> {
    const [reply] = await this.#connection.send([['XINFO', 'STREAM', stream]]);
    if (!(reply instanceof RedisReplyError)) return textIn(fieldsOf(reply ?? null), 'last-generated-id');
    if (/no such key/i.test(reply.message)) return undefined;
    throw thrownError(reply);
  }
}

const PAGE = 500;
const ACTIVE_MS = 65_000;

/** @throws InvalidOptionsError */
function checkedId(position: string): EntryIdParts {
  const id = parseEntryId(position);
  if (id !== undefined) return id;
  const message = `expected the id of an entry, such as 1679676448892-0, not ${JSON.stringify(position)}`;
  throw new InvalidOptionsError('Redis', [{ path: 'position', message }]);
}

function idText({ ms, sequence }: EntryIdParts): string {
  return `${ms}-${sequence}`;
}
