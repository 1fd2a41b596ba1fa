import { settings } from '@openedx-ts/events-core';
import type { RedisCommand, RedisConnection, RedisReply } from './redis-connection.js';
import { entriesIn, type StreamEntry } from './stream-reply.js';

export interface PendingEntriesOptions {
  readonly connection: RedisConnection;
  readonly groupId: string;
  readonly consumerName: string;
  readonly deadlineMs: number;
  /** Whether this member has an entry in hand: it is handled, although it may be gone from the stream. */
  readonly isInHand: (stream: string, id: string) => boolean;
}

/** Some of the entries that were taken over. */
export interface ClaimedPage {
  readonly entries: readonly StreamEntry[];
  /** Whether the search has come to the end of what is pending; the next one begins anew. */
  readonly isLast: boolean;
}

/** Entries that were delivered and not acknowledged: this member's own, and those that others left behind. */
export class PendingEntries {
  readonly #options: PendingEntriesOptions;
  readonly #cursors = new Map<string, string>();

  constructor(options: PendingEntriesOptions) {
    this.#options = options;
  }

  /** The next of this member's own, behind an id. */
  async own(stream: string, after: string, limit: number): Promise<readonly StreamEntry[]> {
    const { groupId, consumerName } = this.#options;
    for (let from = after; ; ) {
      const reading = ['XREADGROUP', 'GROUP', groupId, consumerName, 'COUNT', String(limit)];
      const reply = await this.#call([...reading, 'STREAMS', stream, from]);
      const [, listed] = ((reply ?? []) as readonly (readonly [Buffer, RedisReply])[])[0] ?? [];
      const { entries, trimmed } = entriesIn(listed ?? null);
      await this.#forgetTrimmed(stream, trimmed);
      const counted = await this.#withCounts(stream, entries);
      if (counted.length > 0 || trimmed.length === 0) return counted;
      from = trimmed.at(-1) as string;
    }
  }

  /** Takes over entries that no member has touched for a while, a page at a time. */
  async claim(stream: string, idleMs: number, limit: number): Promise<ClaimedPage>;
  /** The same by a command that Redis may not carry out; undefined when it did not, and answered with a number. */
  async claim(
    stream: string,
    idleMs: number,
    limit: number,
    fenced: (command: RedisCommand) => RedisCommand,
  ): Promise<ClaimedPage | undefined>;
  async claim(
    stream: string,
    idleMs: number,
    limit: number,
    fenced: (command: RedisCommand) => RedisCommand = (command) => command,
  ): Promise<ClaimedPage | undefined> {
    const { groupId, consumerName } = this.#options;
    const cursor = this.#cursors.get(stream) ?? '0-0';
    const claiming = ['XAUTOCLAIM', stream, groupId, consumerName, String(idleMs), cursor];
    const reply = await this.#call(fenced([...claiming, 'COUNT', String(limit)]));
    if (typeof reply === 'number') return undefined;
    const [next, listed, deleted] = reply as readonly RedisReply[];
    this.#cursors.set(stream, String(next));
    const { entries, trimmed, unnamed } = entriesIn(listed ?? null);
    await this.#forgetTrimmed(stream, trimmed);
    // Redis 7 and later has forgotten them by itself; 6.2 has made them this member's own, and names them nowhere else.
    this.#tellTrimmed(stream, ((deleted ?? []) as readonly RedisReply[]).map(String));
    if (unnamed > 0) await this.#forgetOwnTrimmed(stream);
    return { entries: await this.#withCounts(stream, entries), isLast: String(next) === '0-0' };
  }

  /** Lets the next `claim` begin with the oldest entry. */
  restart(stream: string): void {
    this.#cursors.delete(stream);
  }

  /** Makes entries young again that this member is still working on, so that nobody takes them over. */
  async touch(stream: string, ids: readonly string[]): Promise<void> {
    await this.#setIdle(stream, ids, 0);
  }

  /** Makes entries so old that the next member takes them over; with none left, forgets that this one was here. */
  async handOver(stream: string, ids: readonly string[], idleMs: number): Promise<void> {
    const { groupId, consumerName } = this.#options;
    await this.#setIdle(stream, ids, idleMs);
    const [, , , consumers] = (await this.#call(['XPENDING', stream, groupId])) as readonly RedisReply[];
    const holders = (consumers ?? []) as readonly (readonly [Buffer, Buffer])[];
    if (holders.some(([name]) => name.toString() === consumerName)) return;
    await this.#call(['XGROUP', 'DELCONSUMER', stream, groupId, consumerName]);
  }

  async #setIdle(stream: string, ids: readonly string[], idleMs: number): Promise<void> {
    const { groupId, consumerName } = this.#options;
    for (let from = 0; from < ids.length; from += 1_000) {
      const page = ids.slice(from, from + 1_000);
      await this.#call([
        ...['XCLAIM', stream, groupId, consumerName, '0', ...page],
        ...['IDLE', String(idleMs), 'JUSTID'],
      ]);
    }
  }

  /** Acknowledges entries that nobody can handle. */
  async forget(stream: string, ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await this.#call(['XACK', stream, this.#options.groupId, ...ids]);
  }

  async #forgetTrimmed(stream: string, ids: readonly string[]): Promise<void> {
    const gone = ids.filter((id) => !this.#options.isInHand(stream, id));
    await this.forget(stream, gone);
    this.#tellTrimmed(stream, gone);
  }

  async #forgetOwnTrimmed(stream: string): Promise<void> {
    const { groupId, consumerName } = this.#options;
    for (let from = '-'; ; ) {
      const page = await this.#call(['XPENDING', stream, groupId, from, '+', String(PAGE), consumerName]);
      const ids = (page as readonly (readonly [Buffer])[]).map(([id]) => String(id));
      for (const id of ids) {
        const found = (await this.#call(['XRANGE', stream, id, id])) as readonly RedisReply[];
        if (found.length === 0) await this.#forgetTrimmed(stream, [id]);
      }
      if (ids.length < PAGE) return;
      from = `(${ids.at(-1)}`;
    }
  }

  async #withCounts(stream: string, entries: readonly StreamEntry[]): Promise<readonly StreamEntry[]> {
    const first = entries[0];
    const last = entries.at(-1);
    if (first === undefined || last === undefined) return entries;
    const { groupId, consumerName } = this.#options;
    const range = [first.id, last.id, String(entries.length), consumerName];
    const reply = await this.#call(['XPENDING', stream, groupId, ...range]);
    const counts = new Map(
      (reply as readonly (readonly [Buffer, Buffer, number, number])[]).map(([id, , , count]) => [
        String(id),
        count,
      ]),
    );
    return entries.map((entry) => ({ ...entry, deliveryCount: counts.get(entry.id) ?? entry.deliveryCount }));
  }

  #tellTrimmed(stream: string, ids: readonly string[]): void {
    const { groupId, isInHand } = this.#options;
    const lost = ids.filter((id) => id !== PLACEHOLDER_ID && !isInHand(stream, id));
    const count = lost.length;
    if (count === 0) return;
    settings().telemetry.record({ type: 'events.lost', lane: stream, groupId, count, reason: 'trimmed' });
    settings().logger.error(
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

/** The entry that Python members add and delete again to make a stream. */
const PLACEHOLDER_ID = '0-1';
