import { bareWireFormat } from '@openedx-ts/events-avro';
import { InvalidOptionsError } from '@openedx-ts/events-core';
import type { Message, WireFormat } from '@openedx-ts/events-core/bus';
import type { GroupProgress, ReadBounds, StoredMessage, TopicStore } from '@openedx-ts/events-core/operate';
import { idBefore } from '../consumer-group.js';
import {
  asInfrastructure,
  type RedisCommand,
  type RedisConnection,
  type RedisReply,
  RedisReplyError,
} from '../redis-connection.js';
import { RedisSchemaStore } from '../redis-schema-store.js';
import { fromEntryFields, toEntryFields } from '../stream-entry.js';
import { entriesIn } from '../stream-reply.js';
import { fieldsOf, numberIn, textIn } from './ask-redis.js';
import { entryTime } from './entry-id.js';
import { findStreams, literalPattern } from './find-streams.js';

export interface RedisTopicStoreOptions {
  readonly connection: RedisConnection;
  readonly topicPrefix: string | undefined;
  readonly deadlineMs: number;
}

/**
 * What operators do with streams. It asks `XRANGE`, `XINFO`, `EXISTS` and `SCAN`; it sends dead letters again with `XADD`,
 * which never trims, removes them with `XDEL`, and moves groups with `XGROUP SETID` or `CREATE`.
 */
export class RedisTopicStore implements TopicStore {
  readonly topicPrefix: string | undefined;
  readonly wireFormat: WireFormat;
  readonly #connection: RedisConnection;
  readonly #deadlineMs: number;

  constructor({ connection, topicPrefix, deadlineMs }: RedisTopicStoreOptions) {
    this.topicPrefix = topicPrefix;
    this.wireFormat = bareWireFormat({ schemas: new RedisSchemaStore(connection, topicPrefix, deadlineMs) });
    this.#connection = connection;
    this.#deadlineMs = deadlineMs;
  }

  async topicNames(): Promise<readonly string[]> {
    const start = this.topicPrefix ? `${this.topicPrefix}-` : '';
    const ask = (...commands: readonly RedisCommand[]) => this.#connection.send(commands, this.#deadlineMs);
    const { streams, incomplete } = await findStreams(ask, `${literalPattern(start)}*`);
    if (incomplete === undefined) return streams;
    const message = `the topics of dead letters cannot be looked for (${incomplete}): name the group`;
    throw new InvalidOptionsError('dead letters', [{ path: 'groupId', message }]);
  }

  async *read(
    fullTopic: string,
    { from, since = 0 }: ReadBounds = {},
  ): AsyncGenerator<readonly StoredMessage[]> {
    const end = await this.#lastId(fullTopic);
    if (end === undefined) return;
    for (let start = from === undefined ? String(Math.max(0, Math.ceil(since))) : checkedId(from); ; ) {
      const reply = await this.#call(['XRANGE', fullTopic, start, end, 'COUNT', String(PAGE)]);
      const { entries } = entriesIn(reply);
      yield entries.map(({ id, fields }) => ({
        message: fromEntryFields(fullTopic, fields),
        lane: fullTopic,
        position: id,
        storedAt: entryTime(id),
      }));
      const page = reply as readonly (readonly [Buffer])[];
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE) return;
      start = `(${String(last[0])}`;
    }
  }

  async write(message: Message): Promise<string> {
    return String(await this.#call(['XADD', message.topic, '*', ...toEntryFields(message)]));
  }

  async remove(fullTopic: string, positions: readonly string[]): Promise<void> {
    for (let index = 0; index < positions.length; index += PAGE)
      await this.#call(['XDEL', fullTopic, ...positions.slice(index, index + PAGE)]);
  }

  /**
   * Redis keeps members that are gone, and does not say which are there: one counts as active that did something in the
   * last minute, which is how long the Python bus waits for entries, or that holds the lease of `singleActive`.
   */
  async groupProgress(fullTopic: string, groupId: string): Promise<GroupProgress | undefined> {
    if ((await this.#lastId(fullTopic)) === undefined) return undefined;
    const groups = (await this.#call(['XINFO', 'GROUPS', fullTopic])) as readonly RedisReply[];
    const group = groups.map(fieldsOf).find((fields) => textIn(fields, 'name') === groupId);
    if (group === undefined) return undefined;
    const consumers = await this.#call(['XINFO', 'CONSUMERS', fullTopic, groupId]);
    const idles = (consumers as readonly RedisReply[]).map(
      (fields) => numberIn(fieldsOf(fields), 'idle') ?? 0,
    );
    const active = idles.filter((idleMs) => idleMs < ACTIVE_MS).length;
    const leases = Number(await this.#call(['EXISTS', `${fullTopic}.${groupId}.lease`]));
    const next = idAfter(textIn(group, 'last-delivered-id') ?? '0-0');
    return { activeMembers: Math.max(active, leases), next: new Map([[fullTopic, next]]) };
  }

  /**
   * An entry that is delivered again while it is in hand of a member that is gone becomes the new member's, and is
   * handled once.
   */
  async moveGroup(fullTopic: string, groupId: string, positions: readonly string[]): Promise<void> {
    const [position] = positions;
    if (position === undefined) return;
    const [ms = '0', sequence = '0'] = checkedId(position).split('-');
    const id = idBefore(Number(ms), BigInt(sequence));
    const [reply] = await this.#connection.send(
      [['XGROUP', 'SETID', fullTopic, groupId, id]],
      this.#deadlineMs,
    );
    if (!(reply instanceof RedisReplyError)) return;
    if (reply.code !== 'NOGROUP') throw asInfrastructure(reply);
    await this.#call(['XGROUP', 'CREATE', fullTopic, groupId, id]);
  }

  /** The newest entry that ever was; undefined when there is no such stream. */
  async #lastId(stream: string): Promise<string | undefined> {
    const [reply] = await this.#connection.send([['XINFO', 'STREAM', stream]], this.#deadlineMs);
    if (!(reply instanceof RedisReplyError)) return textIn(fieldsOf(reply ?? null), 'last-generated-id');
    if (/no such key/i.test(reply.message)) return undefined;
    throw asInfrastructure(reply);
  }

  #call(command: RedisCommand): Promise<RedisReply> {
    return this.#connection.call(command, this.#deadlineMs);
  }
}

const PAGE = 500;
const ACTIVE_MS = 65_000;

/** @throws InvalidOptionsError */
function checkedId(position: string): string {
  if (/^\d{1,15}(?:-\d{1,20})?$/.test(position)) return position.includes('-') ? position : `${position}-0`;
  const message = 'expected the id of an entry, e.g. 1679676448892-0';
  throw new InvalidOptionsError('Redis', [{ path: 'position', message }]);
}

function idAfter(id: string): string {
  const [ms = '0', sequence = '0'] = id.split('-');
  return `${ms}-${BigInt(sequence) + 1n}`;
}
