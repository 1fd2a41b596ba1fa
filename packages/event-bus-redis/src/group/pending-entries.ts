import { FIRST_EXCLUSIVE_DELIVERY, runtime } from '@openedx-ts/events-core/bus';
import { NOT_HELD } from '../driver/fenced-command.js';
import type { RedisCommand, RedisReply } from '../driver/redis-command.js';
import type { RedisConnection } from '../driver/redis-connection.js';
import { entriesIn, type StreamEntry } from '../stream/stream-reply.js';
import type { CountedEntry, OwnPendingEntries } from './own-pending-entries.js';

/** What `PendingEntries` works with. */
export interface PendingEntriesOptions {
  readonly connection: RedisConnection;
  readonly groupId: string;
  readonly consumerName: string;
  readonly ownPending: OwnPendingEntries;
  /** Makes a command that Redis executes only while this member may work on the stream; otherwise it replies `NOT_HELD`. */
  readonly fenced: (stream: string, command: RedisCommand) => RedisCommand;
}

/** A page of entries that were claimed. */
export interface ClaimedPage {
  readonly entries: readonly StreamEntry[];
  /** Whether all pending entries were looked at; the next `claim` starts with the oldest one. */
  readonly isLast: boolean;
}

/** A page of entries that were pending for this member already. */
export interface OwnPage {
  readonly entries: readonly StreamEntry[];
  /** The id of the last entry that was looked at; undefined when there was none. */
  readonly last: string | undefined;
}

/**
 * The pending entries list (PEL) of a group: entries that were delivered and not acknowledged, with the delivery count
 * that Redis keeps for each. Deliveries below `FIRST_EXCLUSIVE_DELIVERY` are counted as the entry is claimed or read;
 * later ones by `setCount`, when core processes the event exclusively (decision 12).
 */
export class PendingEntries {
  readonly #options: PendingEntriesOptions;
  readonly #cursors = new Map<string, string>();

  constructor(options: PendingEntriesOptions) {
    this.#options = options;
  }

  /**
   * Delivers a page of this member's own pending entries that are not in flight, such as those of the process before it
   * with the same consumer name.
   *
   * @param after the id behind which the page starts; undefined: with the oldest entry
   */
  async own(stream: string, after: string | undefined, limit: number): Promise<OwnPage> {
    const pending = await this.#list(stream, after === undefined ? '-' : `(${after}`, '+', limit);
    return { entries: (await this.#deliver(stream, pending)) ?? [], last: pending.at(-1)?.id };
  }

  /**
   * Claims a page of entries that no member has touched for `idleMs`, and delivers them.
   *
   * @returns undefined when another member holds the lease of the stream
   */
  async claim(stream: string, idleMs: number, limit: number): Promise<ClaimedPage | undefined> {
    const { groupId, consumerName } = this.#options;
    const cursor = this.#cursors.get(stream) ?? '0-0';
    const command = ['XAUTOCLAIM', stream, groupId, consumerName, String(idleMs), cursor];
    const reply = await this.#fenced(stream, [...command, 'COUNT', String(limit), 'JUSTID']); // counts nothing
    if (reply === NOT_HELD) return undefined;
    const [next, claimed, deleted] = reply as readonly RedisReply[];
    this.#cursors.set(stream, String(next));
    // Redis 7 and later removes trimmed entries from the list by itself; 6.2 claims them like any other.
    this.#reportTrimmed(stream, idsIn(deleted));
    const entries = await this.#deliver(stream, await this.#counted(stream, idsIn(claimed)));
    return entries && { entries, isLast: String(next) === '0-0' };
  }

  /** Makes the next `claim` start with the oldest entry. */
  restart(stream: string): void {
    this.#cursors.delete(stream);
  }

  /** Resets the idle time of pending entries, so that no other member claims them, until the signal fires. */
  async touch(stream: string, abortSignal: AbortSignal): Promise<void> {
    const ids = this.#options.ownPending.list(stream).map(({ id }) => id);
    for (let from = 0; from < ids.length && !abortSignal.aborted; from += PAGE)
      await this.#update(stream, ids.slice(from, from + PAGE), ['IDLE', '0']);
  }

  /** Writes the delivery count of an entry. @returns false when another member holds the lease of the stream */
  async setCount(stream: string, { id, count }: CountedEntry): Promise<boolean> {
    return (await this.#update(stream, [id], ['IDLE', '0', 'RETRYCOUNT', String(count)])) !== NOT_HELD;
  }

  /**
   * Returns pending entries to the group, with the delivery counts from before this delivery, and idle for `idleMs`, so
   * that the next member claims them at once.
   */
  async release(stream: string, idleMs: number): Promise<void> {
    const { connection, ownPending } = this.#options;
    const commands = ownPending
      .list(stream)
      .map(({ id, count }) =>
        this.#updating(stream, [id], ['IDLE', String(idleMs), 'RETRYCOUNT', String(count - 1)]),
      );
    await connection.callAll(commands);
  }

  /** Acknowledges entries that were trimmed, or that hold no event. */
  async discard(stream: string, ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await this.#options.connection.call(['XACK', stream, this.#options.groupId, ...ids]);
  }

  /** Reads entries of this member and counts the delivery; undefined when another member holds the lease. */
  async #deliver(
    stream: string,
    pending: readonly CountedEntry[],
  ): Promise<readonly StreamEntry[] | undefined> {
    const { connection, groupId, consumerName, fenced, ownPending } = this.#options;
    const wanted = pending.filter(({ id }) => !ownPending.has(stream, id));
    const commands = wanted.map(({ id, count }) => {
      // Reads and counts in one command, so that a process that dies here leaves no wrong count.
      const counted = String(Math.max(count, Math.min(count + 1, FIRST_EXCLUSIVE_DELIVERY - 1)));
      return fenced(stream, ['XCLAIM', stream, groupId, consumerName, '0', id, 'RETRYCOUNT', counted]);
    });
    const replies = await connection.callAll(commands);
    if (replies.includes(NOT_HELD)) return undefined;
    const read = replies.map(entriesIn);
    const seen = new Set(
      read.flatMap(({ entries, trimmed }) => [...entries.map(({ id }) => id), ...trimmed]),
    );
    const unread = wanted.map(({ id }) => id).filter((id) => !seen.has(id));
    const trimmed = [
      ...read.flatMap((reply) => reply.trimmed),
      ...(await this.#trimmedAmong(stream, unread)),
    ];
    await this.discard(stream, trimmed);
    this.#reportTrimmed(stream, trimmed);
    return wanted.flatMap(({ count }, index) =>
      (read[index]?.entries ?? []).map((entry) => ({ ...entry, deliveryCount: count + 1 })),
    );
  }

  /** Which of the entries that could not be read are gone from the stream. The others were acknowledged just now. */
  async #trimmedAmong(stream: string, ids: readonly string[]): Promise<readonly string[]> {
    const replies = await this.#options.connection.send(ids.map((id) => ['XRANGE', stream, id, id]));
    return ids.filter((_, index) => {
      const found = replies[index];
      return Array.isArray(found) && found.length === 0;
    });
  }

  /** Adds to ids of this member's pending entries the delivery counts so far. */
  async #counted(stream: string, ids: readonly string[]): Promise<readonly CountedEntry[]> {
    const [first, last] = [ids[0], ids.at(-1)];
    if (first === undefined || last === undefined) return [];
    const counts = new Map<string, number>();
    for (let from = first; ; ) {
      const page = await this.#list(stream, from, last, PAGE);
      for (const { id, count } of page) counts.set(id, count);
      if (page.length < PAGE) break;
      from = `(${page.at(-1)?.id}`;
    }
    return ids.flatMap((id) => {
      const count = counts.get(id);
      return count === undefined ? [] : [{ id, count }]; // an entry without a count was acknowledged since
    });
  }

  async #list(stream: string, from: string, to: string, limit: number): Promise<readonly CountedEntry[]> {
    const { connection, groupId, consumerName } = this.#options;
    const reply = await connection.call(['XPENDING', stream, groupId, from, to, String(limit), consumerName]);
    const pending = reply as readonly (readonly [Buffer, Buffer, number, number])[];
    return pending.map(([id, , , count]) => ({ id: String(id), count }));
  }

  #update(stream: string, ids: readonly string[], changes: readonly string[]): Promise<RedisReply> {
    return this.#options.connection.call(this.#updating(stream, ids, changes));
  }

  #updating(stream: string, ids: readonly string[], changes: readonly string[]): RedisCommand {
    const { groupId, consumerName, fenced } = this.#options;
    return fenced(stream, ['XCLAIM', stream, groupId, consumerName, '0', ...ids, ...changes, 'JUSTID']);
  }

  #fenced(stream: string, command: RedisCommand): Promise<RedisReply> {
    return this.#options.connection.call(this.#options.fenced(stream, command));
  }

  #reportTrimmed(stream: string, ids: readonly string[]): void {
    const { groupId, ownPending } = this.#options;
    const lost = ids.filter((id) => id !== PLACEHOLDER_ID && !ownPending.has(stream, id));
    const count = lost.length;
    if (count === 0) return;
    runtime().telemetry.record({ type: 'events.lost', lane: stream, groupId, count, reason: 'trimmed' });
    runtime().logger.error(
      { stream, groupId, count, from: lost[0], to: lost.at(-1) },
      'events were trimmed before this group had acknowledged them: raise streamMaxLength of the producers, or set their trim to acknowledged',
    );
  }
}

/** Entries of one command. */
const PAGE = 1_000;

function idsIn(reply: RedisReply | undefined): readonly string[] {
  return ((reply ?? []) as readonly RedisReply[]).map(String);
}

/** The entry that Python members add and delete again to create a stream. */
const PLACEHOLDER_ID = '0-1';
