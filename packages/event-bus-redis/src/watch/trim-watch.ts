import { setImmediate as afterIo } from 'node:timers/promises';
import { InfrastructureError } from '@openedx-ts/events-core';
import { reasonOf, runtime } from '@openedx-ts/events-core/bus';
import type { RedisCommand, RedisReply } from '../driver/redis-command.js';
import type { RedisConnection } from '../driver/redis-connection.js';
import { keyRefusal } from '../driver/redis-reply-error.js';
import { compareEntryIds } from '../stream/entry-id.js';
import { entryPages } from '../stream/entry-pages.js';
import type { GroupMove } from './group-moves.js';
import { type GroupPosition, readGroupPosition, unreadEntries } from './group-position.js';
import { StreamMemory } from './stream-memory.js';

/** What `TrimWatch` works with. */
export interface TrimWatchOptions {
  readonly connection: RedisConnection;
  readonly groupId: string;
  /** Number of entries that producers trim the streams to; `Infinity` for no trimming. */
  readonly maxLength: number;
  /** Whether producers trim a stream. */
  readonly isTrimmed: (stream: string) => boolean;
  /** Warns when less than this share of the length is left before unread entries are trimmed. */
  readonly warningRatio: number;
  /** Called after every look with whether there are entries that were not delivered to the group. */
  readonly onUnread: (stream: string, hasUnread: boolean) => void;
}

/**
 * Watches the unread entries of a group: how close they are to being trimmed, whether some were trimmed, and whether
 * somebody moved the group past them. Reports by telemetry and log; changes nothing.
 */
export class TrimWatch {
  readonly #options: TrimWatchOptions;
  readonly #streams = new Map<string, StreamMemory>();
  readonly #looking = new Map<string, Promise<void>>();
  /** Streams whose last read returned entries, so that the next one may have passed trimmed ones. */
  readonly #behind = new Set<string>();
  readonly #lookedAt = new Map<string, number>();
  #isDisabled = false;

  constructor(options: TrimWatchOptions) {
    this.#options = options;
  }

  /** To be called when a reply may have been lost, and before the entries are read again that it may have delivered. */
  restart(stream: string): void {
    this.#memory(stream).reads.restart();
  }

  /** To be called with the new entries of every read, and the number of those that hold no event. */
  read(stream: string, entries: readonly { readonly id: string }[], others = 0): void {
    this.#memory(stream).reads.add(entries, others);
    if (entries.length > 0) this.#behind.add(stream);
    else this.#behind.delete(stream);
  }

  /** To be called with entries that were delivered before, to this member or another one. */
  readAgain(stream: string, entries: readonly { readonly id: string }[]): void {
    this.#memory(stream).reads.addAgain(entries);
  }

  /** To be called when a group was created again: earlier looks are no longer comparable. */
  forget(stream: string): void {
    this.#streams.delete(stream);
    this.#behind.delete(stream);
  }

  /**
   * Looks at a stream once, and reports the distance to trimming. A refusal is logged once; the reader reports an
   * unreachable Redis.
   */
  look(stream: string): Promise<void> {
    return this.#lookAlone(stream, true);
  }

  /**
   * To be called before new entries are read. What was trimmed in front of them is not visible any more afterwards where
   * Redis counts it as read, so this looks first, at most once a second.
   */
  async beforeRead(stream: string): Promise<void> {
    const lookedAt = this.#lookedAt.get(stream) ?? Number.NEGATIVE_INFINITY;
    if (this.#behind.has(stream) && runtime().clock.monotonic() >= lookedAt + LOOK_EVERY_MS)
      await this.#lookAlone(stream, false);
    this.#memory(stream).reads.start();
  }

  async #lookAlone(stream: string, reportsDistance: boolean): Promise<void> {
    // One look at a time: an older reply that arrives later would look like a group that was moved back.
    const looking = this.#looking.get(stream);
    if (looking !== undefined) return looking;
    const look = this.#lookOnce(stream, reportsDistance).finally(() => this.#looking.delete(stream));
    this.#looking.set(stream, look);
    return look;
  }

  async #lookOnce(stream: string, reportsDistance: boolean): Promise<void> {
    if (this.#isDisabled) return;
    this.#lookedAt.set(stream, runtime().clock.monotonic());
    try {
      await this.#look(stream, reportsDistance);
    } catch (error) {
      // The reader reports a key that is refused, too.
      if (error instanceof InfrastructureError || keyRefusal(error) !== undefined) return;
      this.#isDisabled = true;
      this.#options.onUnread(stream, false); // not known any more
      runtime().logger.warn(
        { reason: reasonOf(error), stream, groupId: this.#options.groupId },
        'this consumer will not notice when unread events are trimmed: grant its user the commands of the README of event-bus-redis ("Access")',
      );
    }
  }

  async #look(stream: string, reportsDistance: boolean): Promise<void> {
    const { connection, groupId } = this.#options;
    const memory = this.#memory(stream);
    const before = memory.reads.soFar;
    const position = await readGroupPosition(connection, stream, groupId);
    const opened = connection.timesOpened;
    await afterIo(); // an earlier reply may have shown that the group was created again: that is noted first
    if (position === undefined || this.#streams.get(stream) !== memory) return;
    const { nextId, isThere } = await this.#nextUnread(stream, position);
    this.#options.onUnread(stream, isThere);
    const { lost, move, wasReplaced } = memory.update(before, { position, nextId, connection: opened });
    if (wasReplaced) return;
    if (move !== undefined) this.#reportMove(stream, move);
    else if (lost !== undefined) this.#reportLost(stream, lost.count);
    if (reportsDistance) await this.#reportDistance(stream, memory, position);
  }

  /** The oldest unread entry, and whether it is in the stream. */
  async #nextUnread(stream: string, position: GroupPosition): Promise<NextUnread> {
    const { firstId, lastDeliveredId, lastGeneratedId } = position;
    const unread = unreadEntries(position);
    if (unread !== null) return { nextId: unread === 0 ? undefined : firstId, isThere: unread > 0 };
    const [entry] = (await this.#entries(stream, `(${lastDeliveredId}`, '+', 1)) ?? [];
    // Trimmed just now: the next look finds the newest one missing.
    if (entry === undefined) return { nextId: lastGeneratedId, isThere: false };
    return { nextId: String(entry[0]), isThere: true };
  }

  async #reportDistance(stream: string, memory: StreamMemory, position: GroupPosition): Promise<void> {
    const { groupId, warningRatio } = this.#options;
    const maxLength = this.#maxLengthOf(stream);
    const { logger, telemetry } = runtime();
    const warnBelow = maxLength === Infinity ? 0 : maxLength * warningRatio;
    const lag = memory.lag(position);
    const distance = await memory.distance(position, warnBelow, async (id, isNeeded, limit) => {
      return this.#count(stream, isNeeded ? `(${id}` : id, limit);
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
        'events that this group has not acknowledged will soon be trimmed: start more members, or raise streamMaxLength of the producers',
      );
    } else if (crossing === 'clear')
      logger.info(facts, 'the group is no longer close to losing events by trimming');
  }

  #reportLost(stream: string, count: number | null): void {
    const { groupId } = this.#options;
    runtime().telemetry.record({ type: 'events.lost', lane: stream, groupId, count, reason: 'trimmed' });
    runtime().logger.error(
      { stream, groupId, count },
      'events were trimmed before this group had read them: raise streamMaxLength of the producers, or set their trim to acknowledged',
    );
  }

  #reportMove(stream: string, { from, to, skipped }: GroupMove): void {
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
        ? 'the group was moved back, by XGROUP SETID or with an older copy of the data: events are delivered again'
        : 'the group was moved forward, by a Python member or XGROUP SETID: it did not process the events between these ids; consume them with another groupId, or stop all members and move the group back with XGROUP SETID',
    );
  }

  async #entries(
    stream: string,
    from: string,
    to: string,
    limit: number,
  ): Promise<readonly (readonly [Buffer, RedisReply])[]> {
    const command = ['XRANGE', stream, from, to, 'COUNT', String(limit)];
    const reply = await this.#options.connection.call(command);
    return (reply ?? []) as readonly (readonly [Buffer, RedisReply])[];
  }

  /** Number of entries up to an id, at most the limit; undefined when they are too large to be read for that. */
  async #count(stream: string, to: string, limit: number): Promise<number | undefined> {
    let count = 0;
    let pages = 0;
    const call = (command: RedisCommand) => this.#options.connection.call(command);
    for await (const page of entryPages(call, stream, '-', to)) {
      count += page.length;
      pages += 1;
      if (count >= limit) break;
      if (pages === MAX_PAGES) return undefined;
    }
    return Math.min(count, limit);
  }

  #maxLengthOf(stream: string): number {
    return this.#options.isTrimmed(stream) ? this.#options.maxLength : Infinity;
  }

  #memory(stream: string): StreamMemory {
    let memory = this.#streams.get(stream);
    if (memory === undefined) {
      memory = new StreamMemory(this.#maxLengthOf(stream));
      this.#streams.set(stream, memory);
    }
    return memory;
  }
}

interface NextUnread {
  readonly nextId: string | undefined;
  readonly isThere: boolean;
}

/** Pages of about a megabyte that are read to count entries. */
const MAX_PAGES = 20;

/** Minimum time between two looks before reads. */
const LOOK_EVERY_MS = 1_000;
