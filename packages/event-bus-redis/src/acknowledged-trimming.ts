import { InfrastructureError } from '@openedx-ts/events-core';
import { runtime } from '@openedx-ts/events-core/bus';
import { fieldsOf, numberIn, textIn } from './admin/ask-redis.js';
import { compareEntryIds } from './admin/entry-id.js';
import {
  asInfrastructure,
  type RedisConnection,
  type RedisReply,
  RedisReplyError,
} from './redis-connection.js';

export interface AcknowledgedTrimmingOptions {
  readonly connection: RedisConnection;
  readonly deadlineMs: number;
  /** Entries that a stream may keep although nobody needs them; `Infinity`: nothing is trimmed. */
  readonly maxLength: number;
  readonly everyMs: number;
}

/**
 * Trims the streams that a producer writes to, but never what a group has not read and acknowledged. Beyond that, streams
 * keep about `maxLength` entries for new groups and replays.
 */
export class AcknowledgedTrimming {
  readonly #options: AcknowledgedTrimmingOptions;
  readonly #nextLook = new Map<string, number>();
  /** Streams that have grown too long, so that it is said once. */
  readonly #tooLong = new Set<string>();
  readonly #running = new Set<string>();
  #isRefused = false;

  constructor(options: AcknowledgedTrimmingOptions) {
    this.#options = options;
  }

  /** To be called when something was written; looks now and then, in the background. */
  written(stream: string): void {
    const { maxLength, everyMs } = this.#options;
    const now = runtime().clock.monotonic();
    if (maxLength === Infinity || this.#isRefused || this.#running.has(stream)) return;
    if (now < (this.#nextLook.get(stream) ?? 0)) return;
    this.#nextLook.set(stream, now + everyMs);
    void this.#trimOnce(stream);
  }

  /** Never rejects: a Redis that is away is noticed, and said, by sends. */
  async #trimOnce(stream: string): Promise<void> {
    this.#running.add(stream);
    try {
      await this.#trim(stream);
    } catch (error) {
      if (error instanceof InfrastructureError) return;
      this.#isRefused = true;
      const why =
        'streams are no longer trimmed and grow without end: Redis refuses what trim: acknowledged needs';
      runtime().logger.error({ err: error, stream }, why);
    } finally {
      this.#running.delete(stream);
    }
  }

  async #trim(stream: string): Promise<void> {
    const { maxLength } = this.#options;
    const length = Number(await this.#call('XLEN', stream));
    if (length <= maxLength) return this.#tellLength(stream, length, undefined);
    const needed = await this.#needed(stream);
    // Nobody reads it, so nobody loses anything; whole nodes go, and as few as will do.
    const limit = needed === undefined ? ['MAXLEN', '~', String(maxLength)] : ['MINID', '~', needed.id];
    const excess = needed === undefined ? [] : ['LIMIT', String(length - maxLength)];
    const trimmed = Number(await this.#call('XTRIM', stream, ...limit, ...excess));
    this.#tellLength(stream, length - trimmed, needed?.groupId);
  }

  /** The oldest entry that a group may still need, and which group; undefined without groups. */
  async #needed(stream: string): Promise<{ readonly id: string; readonly groupId: string } | undefined> {
    const groups = ((await this.#call('XINFO', 'GROUPS', stream)) as readonly RedisReply[]).map(fieldsOf);
    let oldest: { readonly id: string; readonly groupId: string } | undefined;
    for (const group of groups) {
      const groupId = textIn(group, 'name') as string;
      // The entry read last is kept, so that the group can tell later that nothing behind it was lost.
      let id = textIn(group, 'last-delivered-id') as string;
      if (numberIn(group, 'pending') !== 0) {
        const [, first] = (await this.#call('XPENDING', stream, groupId)) as readonly RedisReply[];
        if (first) id = String(first);
      }
      if (oldest === undefined || compareEntryIds(id, oldest.id) < 0) oldest = { id, groupId };
    }
    return oldest;
  }

  #tellLength(stream: string, length: number, groupId: string | undefined): void {
    const { maxLength } = this.#options;
    const isTooLong = length > maxLength * 1.1 + WHOLE_NODES;
    if (isTooLong === this.#tooLong.has(stream)) return;
    const facts = { stream, length, streamMaxLength: maxLength, groupId };
    if (isTooLong) {
      this.#tooLong.add(stream);
      runtime().logger.warn(
        facts,
        'the stream grows beyond streamMaxLength, because this group has not acknowledged its oldest entries: let it catch up, or end it with XGROUP DESTROY if nobody needs it',
      );
    } else {
      this.#tooLong.delete(stream);
      runtime().logger.info(facts, 'the stream is no longer than streamMaxLength again');
    }
  }

  async #call(...command: readonly string[]): Promise<RedisReply> {
    const [reply] = await this.#options.connection.send([command], this.#options.deadlineMs);
    if (reply instanceof RedisReplyError) throw asInfrastructure(reply);
    return reply as RedisReply;
  }
}

/** Trimming with `~` leaves up to a node too many. */
const WHOLE_NODES = 200;
