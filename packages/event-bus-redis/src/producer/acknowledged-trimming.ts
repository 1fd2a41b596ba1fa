import { InfrastructureError } from '@openedx-ts/events-core';
import { reasonOf, runtime } from '@openedx-ts/events-core/bus';
import type { RedisReply } from '../driver/redis-command.js';
import type { RedisConnection } from '../driver/redis-connection.js';
import { keyRefusal, refusalIn } from '../driver/redis-reply-error.js';
import { compareEntryIds } from '../stream/entry-id.js';
import { fieldsOf, numberIn, textIn } from '../stream/info-reply.js';

/** What `AcknowledgedTrimming` works with. */
export interface AcknowledgedTrimmingOptions {
  readonly connection: RedisConnection;
  /** Number of entries that a stream keeps although every group has acknowledged them; `Infinity`: no trimming. */
  readonly maxLength: number;
  /** Minimum time between two trims of a stream, in milliseconds. */
  readonly everyMs: number;
}

/**
 * Trims the streams that a producer writes to, but never entries that a group has not read and acknowledged. Streams keep
 * about `maxLength` entries in any case, for new groups and replays.
 */
export class AcknowledgedTrimming {
  readonly #options: AcknowledgedTrimmingOptions;
  /** When a stream that was written to may be trimmed again. Times that are over are forgotten now and then. */
  readonly #trimAt = new Map<string, number>();
  #forgetAt = LEAST_FORGOTTEN;
  /** The last streams that have grown too long, so that each is logged once. */
  readonly #reportedLong = new Set<string>();
  readonly #running = new Set<string>();
  #isDisabled = false;
  /** Whether Redis may know how to trim acknowledged entries behind pending ones. */
  #knowsAcknowledged = true;

  constructor(options: AcknowledgedTrimmingOptions) {
    this.#options = options;
  }

  /** How many streams are remembered. */
  get size(): number {
    return this.#trimAt.size;
  }

  /** To be called after a stream was written to; trims it in the background, at most every `everyMs`. */
  written(stream: string): void {
    const { maxLength, everyMs } = this.#options;
    const now = runtime().clock.monotonic();
    if (maxLength === Infinity || this.#isDisabled || this.#running.has(stream)) return;
    if (now < (this.#trimAt.get(stream) ?? 0)) return;
    this.#forgetOver(now);
    this.#trimAt.set(stream, now + everyMs);
    void this.#trimOnce(stream);
  }

  #forgetOver(now: number): void {
    if (this.#trimAt.size < this.#forgetAt) return;
    for (const [stream, trimAt] of this.#trimAt) if (trimAt <= now) this.#trimAt.delete(stream);
    this.#forgetAt = Math.max(LEAST_FORGOTTEN, 2 * this.#trimAt.size);
  }

  /** Never rejects. The next send reports an unreachable Redis. */
  async #trimOnce(stream: string): Promise<void> {
    this.#running.add(stream);
    try {
      await this.#trim(stream);
    } catch (error) {
      if (error instanceof InfrastructureError || isNothingToTrim(error)) return;
      const { clock, logger } = runtime();
      const isOfStream = keyRefusal(error) !== undefined; // the user may have its rights for others
      if (isOfStream) this.#trimAt.set(stream, clock.monotonic() + REFUSED_MS);
      else this.#isDisabled = true;
      logger.error({ err: error, stream }, isOfStream ? streamRefused : commandRefused);
    } finally {
      this.#running.delete(stream);
    }
  }

  async #trim(stream: string): Promise<void> {
    const { maxLength } = this.#options;
    const length = Number(await this.#call('XLEN', stream));
    if (length <= maxLength) return this.#reportLength(stream, length, undefined);
    const needed = await this.#needed(stream);
    // Without a group any entry may be trimmed. `~` removes whole nodes only, `LIMIT` no more entries than necessary.
    const limit = needed === undefined ? ['MAXLEN', '~', String(maxLength)] : ['MINID', '~', needed.id];
    const excess = needed === undefined ? [] : ['LIMIT', String(length - maxLength)];
    const left = length - Number(await this.#call('XTRIM', stream, ...limit, ...excess));
    const trimmed = needed === undefined ? 0 : await this.#trimBehindPending(stream, left, needed);
    this.#reportLength(stream, left - trimmed, needed?.groupId);
  }

  /**
   * Trims entries that every group has acknowledged although older ones are pending, on servers that can (Redis 8.2).
   * Never so many that Redis would look at unread entries too, and never without pending entries, for which it may crash
   * before version 8.2.1 (redis/redis#14276).
   *
   * @returns how many were trimmed
   */
  async #trimBehindPending(stream: string, length: number, needed: Needed): Promise<number> {
    const { maxLength } = this.#options;
    if (!this.#knowsAcknowledged || needed.pending === 0 || needed.unread === null) return 0;
    // One more: the entry read last is kept.
    const kept = Math.max(maxLength, needed.unread + needed.pending + 1);
    if (length <= kept) return 0;
    try {
      return Number(await this.#call('XTRIM', stream, 'MAXLEN', '=', String(kept), 'ACKED'));
    } catch (error) {
      if (!/syntax error/i.test(reasonOf(error))) throw error;
      this.#knowsAcknowledged = false;
      return 0;
    }
  }

  /** What the groups of a stream still need; undefined for a stream without groups. */
  async #needed(stream: string): Promise<Needed | undefined> {
    const groups = ((await this.#call('XINFO', 'GROUPS', stream)) as readonly RedisReply[]).map(fieldsOf);
    let oldest: { readonly id: string; readonly groupId: string } | undefined;
    let pending = 0;
    let unread: number | null = 0;
    for (const group of groups) {
      pending += numberIn(group, 'pending') ?? 0;
      const lag = numberIn(group, 'lag');
      unread = unread === null || lag === null ? null : Math.max(unread, lag);
      const groupId = textIn(group, 'name') as string;
      // The entry read last is kept, so that the group notices later whether entries behind it were lost.
      let id = textIn(group, 'last-delivered-id') as string;
      if (numberIn(group, 'pending') !== 0) {
        const [, first] = (await this.#call('XPENDING', stream, groupId)) as readonly RedisReply[];
        if (first) id = String(first);
      }
      if (oldest === undefined || compareEntryIds(id, oldest.id) < 0) oldest = { id, groupId };
    }
    return oldest && { ...oldest, pending, unread };
  }

  #reportLength(stream: string, length: number, groupId: string | undefined): void {
    const { maxLength } = this.#options;
    const isTooLong = length > maxLength * 1.1 + WHOLE_NODES;
    if (isTooLong === this.#reportedLong.has(stream)) return;
    const facts = { stream, length, streamMaxLength: maxLength, groupId };
    if (isTooLong) {
      this.#reportedLong.add(stream);
      const [oldest] = this.#reportedLong;
      if (this.#reportedLong.size > MAX_REPORTED && oldest !== undefined) this.#reportedLong.delete(oldest);
      runtime().logger.warn(
        facts,
        'the stream grows beyond streamMaxLength, because this group has not acknowledged its oldest entries: start more members, or remove a group that nobody needs with XGROUP DESTROY',
      );
    } else {
      this.#reportedLong.delete(stream);
      runtime().logger.info(facts, 'the stream is within streamMaxLength again');
    }
  }

  #call(...command: readonly string[]): Promise<RedisReply> {
    return this.#options.connection.call(command);
  }
}

interface Needed {
  /** The oldest entry that some group still needs, and that group. */
  readonly id: string;
  readonly groupId: string;
  /** Number of pending entries of all groups. */
  readonly pending: number;
  /** Number of entries that the slowest group has not read; null when unknown. */
  readonly unread: number | null;
}

/** Whether a stream or group was deleted just now, or a key is no stream: others are trimmed, and so is this one later. */
function isNothingToTrim(error: unknown): boolean {
  const refusal = refusalIn(error);
  return refusal !== undefined && (GONE.has(refusal.code) || /no such key/i.test(refusal.message));
}

const GONE: ReadonlySet<string> = new Set(['NOGROUP', 'WRONGTYPE']);

const RIGHTS = 'what trim: acknowledged needs (README of event-bus-redis, "Access")';
const streamRefused = `the stream is not trimmed and grows without limit: grant the user ${RIGHTS} for it; this is tried again in an hour`;
const commandRefused = `streams are no longer trimmed and grow without limit: grant the user ${RIGHTS}, and start the producer again`;

/** How long a stream that this user may not trim is left alone. */
const REFUSED_MS = 3_600_000;
/** So many are few: it is not worth looking among them. */
const LEAST_FORGOTTEN = 1_000;
const MAX_REPORTED = 1_000;
/** Trimming with `~` leaves up to one node more than the length. */
const WHOLE_NODES = 200;
