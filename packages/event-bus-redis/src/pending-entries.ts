import { EXCLUSIVE_FROM_DELIVERY, runtime } from '@openedx-ts/events-core/bus';
import { NOT_HELD, orThrow } from './lease/lease.js';
import type { RedisCommand, RedisConnection, RedisReply } from './redis-connection.js';
import { entriesIn, type StreamEntry } from './stream-reply.js';

export interface PendingEntriesOptions {
  readonly connection: RedisConnection;
  readonly groupId: string;
  readonly consumerName: string;
  readonly deadlineMs: number;
  /** Whether this member has an entry in hand: it is handled, although it may be gone from the stream. */
  readonly isInHand: (stream: string, id: string) => boolean;
  /** Makes a command that Redis carries out only for a member that may work on the stream; else it answers `NOT_HELD`. */
  readonly fenced: (stream: string, command: RedisCommand) => RedisCommand;
}

/** Some of the entries that were taken over. */
export interface ClaimedPage {
  readonly entries: readonly StreamEntry[];
  /** Whether the search has come to the end of what is pending; the next one begins anew. */
  readonly isLast: boolean;
}

/** Some of the entries that were this member's all along. */
export interface OwnPage {
  readonly entries: readonly StreamEntry[];
  /** The last that was looked at; undefined when there was none. */
  readonly last: string | undefined;
}

/** An entry, and how often it is delivered. */
export interface CountedEntry {
  readonly id: string;
  readonly count: number;
}

/**
 * Entries that were delivered and not acknowledged: this member's own, and those that others left behind. Redis keeps for
 * each how often it was begun. Of that only the first two times are counted when it is taken: it is not to blame for what
 * happens to this process before it is begun (`setCount`).
 */
export class PendingEntries {
  readonly #options: PendingEntriesOptions;
  readonly #cursors = new Map<string, string>();

  constructor(options: PendingEntriesOptions) {
    this.#options = options;
  }

  /** The next of this member's own that are not in hand, behind an id. */
  async own(stream: string, after: string | undefined, limit: number): Promise<OwnPage> {
    const pending = await this.#pending(stream, after === undefined ? '-' : `(${after}`, '+', limit);
    const entries = (await this.#take(stream, pending)) ?? [];
    return { entries, last: pending.at(-1)?.id };
  }

  /**
   * Takes over entries that no member has touched for a while, a page at a time; undefined when another member has the
   * stream.
   */
  async claim(stream: string, idleMs: number, limit: number): Promise<ClaimedPage | undefined> {
    const { groupId, consumerName, fenced } = this.#options;
    const cursor = this.#cursors.get(stream) ?? '0-0';
    const claiming = ['XAUTOCLAIM', stream, groupId, consumerName, String(idleMs), cursor];
    const reply = await this.#call(fenced(stream, [...claiming, 'COUNT', String(limit), 'JUSTID']));
    if (reply === NOT_HELD) return undefined;
    const [next, listed, deleted] = reply as readonly RedisReply[];
    this.#cursors.set(stream, String(next));
    // Redis 7 and later has forgotten them by itself; 6.2 lists them with the others.
    this.#tellTrimmed(stream, idsIn(deleted));
    const entries = await this.#take(stream, await this.#withCounts(stream, idsIn(listed)));
    return entries && { entries, isLast: String(next) === '0-0' };
  }

  /** Lets the next `claim` begin with the oldest entry. */
  restart(stream: string): void {
    this.#cursors.delete(stream);
  }

  /** Makes entries young again that this member is still working on, so that nobody takes them over. */
  async touch(stream: string, ids: readonly string[]): Promise<void> {
    for (const page of pagesOf(ids)) await this.#call(this.#setting(stream, page, ['IDLE', '0']));
  }

  /** Writes down how often an entry was begun. @returns whether this member may work on the stream */
  async setCount(stream: string, { id, count }: CountedEntry): Promise<boolean> {
    const setting = this.#setting(stream, [id], ['IDLE', '0', 'RETRYCOUNT', String(count)]);
    return (await this.#call(setting)) !== NOT_HELD;
  }

  /**
   * Makes entries so old that the next member takes them over, and their delivery not to have been; with none left,
   * forgets that this one was here.
   */
  async handOver(stream: string, entries: readonly CountedEntry[], idleMs: number): Promise<void> {
    const { groupId, consumerName } = this.#options;
    const before = entries.map(({ id, count }) => ({ id, count: count - 1 }));
    for (const [count, ids] of byCount(before)) {
      const setting = ['IDLE', String(idleMs), 'RETRYCOUNT', String(count)];
      for (const page of pagesOf(ids)) await this.#call(this.#setting(stream, page, setting));
    }
    const [, , , consumers] = (await this.#call(['XPENDING', stream, groupId])) as readonly RedisReply[];
    const holders = (consumers ?? []) as readonly (readonly [Buffer, Buffer])[];
    if (holders.some(([name]) => name.toString() === consumerName)) return;
    await this.#call(['XGROUP', 'DELCONSUMER', stream, groupId, consumerName]);
  }

  /** Acknowledges entries that nobody can handle. */
  async forget(stream: string, ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await this.#call(['XACK', stream, this.#options.groupId, ...ids]);
  }

  /** Reads entries of this member and counts their delivery; undefined when another member has the stream. */
  async #take(stream: string, pending: readonly CountedEntry[]): Promise<readonly StreamEntry[] | undefined> {
    const { connection, deadlineMs, groupId, consumerName, fenced, isInHand } = this.#options;
    const wanted = pending.filter(({ id }) => !isInHand(stream, id));
    if (wanted.length === 0) return [];
    const stored = wanted.map(({ id, count }) => ({
      id,
      count: Math.max(count, Math.min(count + 1, EXCLUSIVE_FROM_DELIVERY - 1)),
    }));
    const commands = byCount(stored).flatMap(([count, ids]) =>
      pagesOf(ids).map((page) =>
        fenced(stream, [
          ...['XCLAIM', stream, groupId, consumerName, '0', ...page],
          ...['RETRYCOUNT', String(count)],
        ]),
      ),
    );
    const replies = (await connection.send(commands, deadlineMs)).map(orThrow);
    if (replies.includes(NOT_HELD)) return undefined;
    const lists = replies.map(entriesIn);
    const trimmed = lists.flatMap((list) => list.trimmed);
    await this.#forgetTrimmed(stream, trimmed);
    const found = new Map(lists.flatMap(({ entries }) => entries.map((entry) => [entry.id, entry] as const)));
    const missing = wanted.filter(({ id }) => !found.has(id) && !trimmed.includes(id));
    await this.#forgetTrimmed(stream, await this.#gone(stream, missing));
    return wanted.flatMap(({ id, count }) => {
      const entry = found.get(id);
      return entry === undefined ? [] : [{ ...entry, deliveryCount: count + 1 }];
    });
  }

  /** Which of those that are not to be had are not in the stream any more. The others were acknowledged just now. */
  async #gone(stream: string, missing: readonly CountedEntry[]): Promise<readonly string[]> {
    if (missing.length === 0) return [];
    const { connection, deadlineMs } = this.#options;
    const looks = missing.map(({ id }) => ['XRANGE', stream, id, id]);
    const replies = await connection.send(looks, deadlineMs);
    const isGone = (index: number) => {
      const found = replies[index];
      return Array.isArray(found) && found.length === 0;
    };
    return missing.flatMap(({ id }, index) => (isGone(index) ? [id] : []));
  }

  async #forgetTrimmed(stream: string, ids: readonly string[]): Promise<void> {
    const gone = ids.filter((id) => !this.#options.isInHand(stream, id));
    await this.forget(stream, gone);
    this.#tellTrimmed(stream, gone);
  }

  /** What Redis says how often entries of this member were delivered so far. */
  async #withCounts(stream: string, ids: readonly string[]): Promise<readonly CountedEntry[]> {
    const [first, last] = [ids[0], ids.at(-1)];
    if (first === undefined || last === undefined) return [];
    const counts = new Map<string, number>();
    for (let from = first; ; ) {
      const page = await this.#pending(stream, from, last, PAGE);
      for (const { id, count } of page) counts.set(id, count);
      if (page.length < PAGE) break;
      from = `(${page.at(-1)?.id}`;
    }
    return ids.flatMap((id) => {
      const count = counts.get(id);
      return count === undefined ? [] : [{ id, count }]; // without one it was acknowledged since
    });
  }

  async #pending(stream: string, from: string, to: string, limit: number): Promise<readonly CountedEntry[]> {
    const { groupId, consumerName } = this.#options;
    const reply = await this.#call(['XPENDING', stream, groupId, from, to, String(limit), consumerName]);
    const pending = reply as readonly (readonly [Buffer, Buffer, number, number])[];
    return pending.map(([id, , , count]) => ({ id: String(id), count }));
  }

  #setting(stream: string, ids: readonly string[], what: readonly string[]): RedisCommand {
    const { groupId, consumerName, fenced } = this.#options;
    return fenced(stream, ['XCLAIM', stream, groupId, consumerName, '0', ...ids, ...what, 'JUSTID']);
  }

  #tellTrimmed(stream: string, ids: readonly string[]): void {
    const { groupId, isInHand } = this.#options;
    const lost = ids.filter((id) => id !== PLACEHOLDER_ID && !isInHand(stream, id));
    const count = lost.length;
    if (count === 0) return;
    runtime().telemetry.record({ type: 'events.lost', lane: stream, groupId, count, reason: 'trimmed' });
    runtime().logger.error(
      { stream, groupId, count, from: lost[0], to: lost.at(-1) },
      'events were trimmed before this group had acknowledged them: raise streamMaxLength, or trim: acknowledged, of the producers',
    );
  }

  #call(command: RedisCommand): Promise<RedisReply> {
    return this.#options.connection.call(command, this.#options.deadlineMs);
  }
}

/** Entries that are looked at together. */
const PAGE = 1_000;

function pagesOf(ids: readonly string[]): readonly (readonly string[])[] {
  return Array.from({ length: Math.ceil(ids.length / PAGE) }, (_, page) =>
    ids.slice(page * PAGE, (page + 1) * PAGE),
  );
}

function byCount(entries: readonly CountedEntry[]): readonly (readonly [number, readonly string[]])[] {
  const counts = new Map<number, string[]>();
  for (const { id, count } of entries) {
    const ids = counts.get(count);
    if (ids === undefined) counts.set(count, [id]);
    else ids.push(id);
  }
  return [...counts];
}

function idsIn(reply: RedisReply | undefined): readonly string[] {
  return ((reply ?? []) as readonly RedisReply[]).map(String);
}

/** The entry that Python members add and delete again to make a stream. */
const PLACEHOLDER_ID = '0-1';
