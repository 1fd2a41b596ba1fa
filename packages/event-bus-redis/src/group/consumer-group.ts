import { DateTime, InvalidOptionsError, type StartPosition } from '@openedx-ts/events-core';
import { runtime } from '@openedx-ts/events-core/bus';
import type { RedisReply } from '../driver/redis-command.js';
import type { RedisConnection } from '../driver/redis-connection.js';
import { RedisReplyError } from '../driver/redis-reply-error.js';
import { entryIdBefore, parseEntryId } from '../stream/entry-id.js';
import { fieldsOf, textIn } from '../stream/info-reply.js';

/** What `ConsumerGroup` works with. */
export interface ConsumerGroupOptions {
  readonly connection: RedisConnection;
  readonly groupId: string;
  readonly startFrom: StartPosition;
  /** Called when the group of a stream was gone and was created again. */
  readonly onRecreated: (stream: string) => void;
}

/** Creates the group of each stream once, at the position of `startFrom`, and never moves it. */
export class ConsumerGroup {
  readonly #options: ConsumerGroupOptions;
  /** The newest entry that this member acknowledged, by stream. */
  readonly #acknowledged = new Map<string, string>();
  /** Streams whose group has existed since this member started. */
  readonly #existing = new Set<string>();

  /** @throws InvalidOptionsError when `startFrom` is no position of a stream */
  constructor(options: ConsumerGroupOptions) {
    this.#options = options;
    startId(options.startFrom, options.groupId);
  }

  /**
   * Creates the group, and the stream, unless they exist. Called again after a reconnect, it recreates a group that is
   * gone without skipping what was sent since.
   */
  async create(stream: string): Promise<void> {
    const { startFrom, groupId } = this.#options;
    if (this.#existing.has(stream)) return this.recreate(stream);
    await this.#createAt(stream, startId(startFrom, groupId));
    this.#existing.add(stream);
  }

  /**
   * Creates the group of a stream that need not exist, at its beginning. It writes only where the stream has no such group:
   * a Redis without memory refuses writes, and reading must go on.
   *
   * @returns false when the stream does not exist, or Redis refuses what is needed to read it
   */
  async createIfThere(stream: string): Promise<boolean> {
    const { connection, groupId } = this.#options;
    const [groups] = await connection.send([['XINFO', 'GROUPS', stream]]);
    if (groups instanceof RedisReplyError) return false;
    const names = (groups as readonly RedisReply[]).map((group) => textIn(fieldsOf(group), 'name'));
    if (names.includes(groupId)) return true;
    const [created] = await connection.send([['XGROUP', 'CREATE', stream, groupId, OLDEST]]);
    return !(created instanceof RedisReplyError) || created.code === 'BUSYGROUP';
  }

  /** Notes the newest entry that was acknowledged. */
  acknowledged(stream: string, id: string | undefined): void {
    if (id !== undefined) this.#acknowledged.set(stream, id);
  }

  /**
   * Creates a group again that is gone (FLUSHALL, a deleted key, a failover to an empty replica). It continues behind the
   * entry that this member acknowledged last if the stream still holds that entry, otherwise with the oldest entry, so
   * that nothing is skipped.
   */
  async recreate(stream: string): Promise<void> {
    const id = await this.#safePosition(stream);
    if (!(await this.#createAt(stream, id))) return;
    if (id === OLDEST) this.#acknowledged.delete(stream);
    const { groupId, onRecreated } = this.#options;
    onRecreated(stream);
    const { logger, telemetry } = runtime();
    telemetry.record({ type: 'events.lost', lane: stream, groupId, count: null, reason: 'group-gone' });
    logger.error(
      { stream, groupId, from: id },
      'the group did not exist any more and was created again: events that the stream held before may be lost; find out who deleted the key or flushed Redis',
    );
  }

  /**
   * An entry that the stream does not hold proves nothing: it may have been trimmed, and then every entry is newer; or
   * the server was replaced, and its clock may generate ids that are smaller than ours.
   */
  async #safePosition(stream: string): Promise<string> {
    const id = this.#acknowledged.get(stream);
    if (id === undefined) return OLDEST;
    const entries = await this.#options.connection.call(['XRANGE', stream, id, id]);
    return Array.isArray(entries) && entries.length > 0 ? id : OLDEST;
  }

  /** @returns false when the group exists */
  async #createAt(stream: string, id: string): Promise<boolean> {
    const { connection, groupId } = this.#options;
    try {
      await connection.call(['XGROUP', 'CREATE', stream, groupId, id, 'MKSTREAM']);
      return true;
    } catch (error) {
      if (error instanceof RedisReplyError && error.code === 'BUSYGROUP') return false;
      throw error;
    }
  }
}

/** A group at this position reads the oldest entry next. */
const OLDEST = '0';

/** The id behind which a new group starts to read. */
function startId(startFrom: StartPosition, groupId: string): string {
  if (typeof startFrom === 'string') return startFrom === 'earliest' ? OLDEST : '$';
  if ('time' in startFrom) {
    const ms = BigInt(DateTime.from(startFrom.time).toDate().getTime());
    return entryIdBefore({ ms, sequence: 0n });
  }
  const position = parseEntryId(startFrom.position);
  if (position !== undefined) return entryIdBefore(position);
  const message = 'expected the id of the first entry to read, such as "1679676448892-0"';
  throw new InvalidOptionsError(`Redis consumer of group ${groupId}`, [{ path: 'startFrom', message }]);
}
