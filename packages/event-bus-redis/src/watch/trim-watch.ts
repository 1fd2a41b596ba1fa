import { InfrastructureError } from '@openedx-ts/events-core';
import { runtime } from '@openedx-ts/events-core/bus';
import { compareEntryIds } from '../admin/entry-id.js';
import {
  asInfrastructure,
  type RedisConnection,
  type RedisReply,
  RedisReplyError,
} from '../redis-connection.js';
import { type GroupPosition, readGroupPosition, unreadEntries } from './group-position.js';
import { StreamMemory } from './stream-memory.js';

export interface TrimWatchOptions {
  readonly connection: RedisConnection;
  readonly groupId: string;
  readonly deadlineMs: number;
  /** Entries that the streams are trimmed to; `Infinity` for no trimming. */
  readonly maxLength: number;
  /** With this share of the length left, it warns. */
  readonly warningRatio: number;
}

/**
 * Watches what becomes of a group's unread entries: how close they are to being trimmed, whether some were, and whether
 * somebody moved the group over them. Tells by telemetry and log; changes nothing.
 */
export class TrimWatch {
  readonly #options: TrimWatchOptions;
  readonly #streams = new Map<string, StreamMemory>();
  readonly #looking = new Map<string, Promise<void>>();
  #isRefused = false;

  constructor(options: TrimWatchOptions) {
    this.#options = options;
  }

  /** To be called with every read of new entries, also when there were none. */
  read(stream: string, entries: readonly { readonly id: string }[]): void {
    this.#memory(stream).read(entries);
  }

  /** To be called with entries that this member had got before. */
  readAgain(stream: string, entries: readonly { readonly id: string }[]): void {
    this.#memory(stream).readAgain(entries);
  }

  /** To be called when a group was made again: what was known of it counts no more. */
  forget(stream: string): void {
    this.#streams.delete(stream);
  }

  /** Looks once. What Redis refuses is said once; a Redis that is away is noticed, and said, by who reads. */
  look(stream: string): Promise<void> {
    // One at a time: an older answer that comes later would look like a group that went back.
    const looking = this.#looking.get(stream);
    if (looking !== undefined) return looking;
    const look = this.#lookOnce(stream).finally(() => this.#looking.delete(stream));
    this.#looking.set(stream, look);
    return look;
  }

  async #lookOnce(stream: string): Promise<void> {
    if (this.#isRefused) return;
    try {
      await this.#look(stream);
    } catch (error) {
      if (error instanceof InfrastructureError) return;
      this.#isRefused = true;
      runtime().logger.warn(
        { err: error, stream, groupId: this.#options.groupId },
        'nobody will notice when unread events are trimmed: looking at the stream failed',
      );
    }
  }

  async #look(stream: string): Promise<void> {
    const { connection, groupId, deadlineMs, maxLength } = this.#options;
    const memory = this.#memory(stream);
    const before = memory.snapshot();
    const position = await readGroupPosition(connection, stream, groupId, deadlineMs);
    if (position === undefined || this.#streams.get(stream) !== memory) return;
    const nextId = await this.#nextId(stream, position);
    const { lost, move, wasReplaced } = memory.update(before, position, nextId, maxLength);
    if (wasReplaced) return;
    if (move !== undefined) this.#tellMove(stream, move);
    else if (lost !== undefined) this.#tellLost(stream, lost.count);
    await this.#tellDistance(stream, memory, position);
  }

  /** The oldest unread entry, where it takes that to notice when it goes. */
  async #nextId(stream: string, position: GroupPosition): Promise<string | undefined> {
    const { entriesRead, firstId, lastDeliveredId } = position;
    const unread = unreadEntries(position);
    if (unread !== null) return unread === 0 ? undefined : firstId;
    if (entriesRead !== null && position.entriesAdded !== null) {
      if (this.#memory(stream).isCounting) return undefined;
    }
    const [entry] = (await this.#entries(stream, `(${lastDeliveredId}`, '+', 1)) ?? [];
    return entry === undefined ? undefined : String(entry[0]);
  }

  async #tellDistance(stream: string, memory: StreamMemory, position: GroupPosition): Promise<void> {
    const { groupId, maxLength, warningRatio } = this.#options;
    const { logger, telemetry } = runtime();
    const warnBelow = maxLength === Infinity ? 0 : maxLength * warningRatio;
    const lag = memory.lag(position);
    const distance = await memory.distance(position, maxLength, warnBelow, async (id, isNeeded, limit) => {
      const entries = await this.#entries(stream, '-', isNeeded ? `(${id}` : id, limit);
      return entries.length;
    });
    const { pending } = position;
    telemetry.record({
      type: 'consumer.lag',
      lane: stream,
      groupId,
      lag,
      pending,
      distanceToTrim: distance,
    });
    const facts = { stream, groupId, lag, pending, distanceToTrim: distance, streamMaxLength: maxLength };
    const crossing = memory.cross(distance, warnBelow);
    if (crossing === 'close') {
      logger.warn(
        facts,
        'unread or unfinished events will soon be trimmed: let the group catch up, or raise streamMaxLength of the producers',
      );
    } else if (crossing === 'clear') logger.info(facts, 'the group is no longer close to losing events');
  }

  #tellLost(stream: string, count: number | null): void {
    const { groupId } = this.#options;
    runtime().telemetry.record({ type: 'events.lost', lane: stream, groupId, count, reason: 'trimmed' });
    runtime().logger.error(
      { stream, groupId, count },
      'events were trimmed before this group had read them: raise streamMaxLength, or trim: acknowledged, of the producers',
    );
  }

  #tellMove(
    stream: string,
    { from, to, skipped }: { from: string; to: string; skipped: number | null },
  ): void {
    const { groupId } = this.#options;
    const isBack = compareEntryIds(to, from) < 0;
    if (!isBack)
      runtime().telemetry.record({
        type: 'events.lost',
        lane: stream,
        groupId,
        count: skipped,
        reason: 'group-moved',
      });
    runtime().logger.error(
      { stream, groupId, from, to, ...(isBack ? {} : { skipped }) },
      isBack
        ? 'the group was moved back, by a Python member, by hand, or with an older copy of the data: events come again'
        : 'the group was moved forward, by a Python member or by hand: events between these ids were not handled by it; consume them with another groupId, or stop all members and move the group back with XGROUP SETID',
    );
  }

  async #entries(
    stream: string,
    from: string,
    to: string,
    limit: number,
  ): Promise<readonly (readonly [Buffer, RedisReply])[]> {
    const command = ['XRANGE', stream, from, to, 'COUNT', String(limit)];
    const [reply] = await this.#options.connection.send([command], this.#options.deadlineMs);
    if (reply instanceof RedisReplyError) throw asInfrastructure(reply);
    return (reply ?? []) as readonly (readonly [Buffer, RedisReply])[];
  }

  #memory(stream: string): StreamMemory {
    let memory = this.#streams.get(stream);
    if (memory === undefined) {
      memory = new StreamMemory();
      this.#streams.set(stream, memory);
    }
    return memory;
  }
}
