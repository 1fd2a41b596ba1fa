import { runtime } from '@openedx-ts/events-core/bus';
import type { RedisReply } from '../driver/redis-command.js';
import type { RedisConnection } from '../driver/redis-connection.js';
import type { RedisReplyError } from '../driver/redis-reply-error.js';
import { ReopenedError } from '../driver/reopened-error.js';
import { entriesIn } from '../stream/stream-reply.js';
import { hasContent, type OwnPendingEntries, type OwnPendingEntry } from './own-pending-entries.js';

/** What `Acknowledger` works with. */
export interface AcknowledgerOptions {
  readonly connection: RedisConnection;
  readonly groupId: string;
  readonly ownPending: OwnPendingEntries;
  /** Called when entries that the stream holds were no longer pending, although this member had not acknowledged them. */
  readonly onAcknowledgedElsewhere?: (stream: string) => void;
}

/**
 * Acknowledges entries by their ids. After a failover to a Redis whose clock is behind, another event may have the id of
 * one in flight. So once the connection was opened again, an entry is acknowledged only if it still has the content that
 * was processed.
 */
export class Acknowledger {
  readonly #options: AcknowledgerOptions;

  constructor(options: AcknowledgerOptions) {
    this.#options = options;
  }

  /** @returns the id of the last entry that was acknowledged; undefined when none of them is pending any more */
  async acknowledge(stream: string, ordinals: readonly number[]): Promise<string | undefined> {
    for (;;) {
      try {
        return await this.#acknowledge(stream, ordinals);
      } catch (error) {
        if (!(error instanceof ReopenedError)) throw error;
      }
    }
  }

  async #acknowledge(stream: string, ordinals: readonly number[]): Promise<string | undefined> {
    const { connection, groupId, ownPending } = this.#options;
    const { timesOpened } = connection;
    const seenBefore = ownPending.find(stream, ordinals).filter((entry) => entry.timesOpened !== timesOpened);
    if (seenBefore.length > 0) await this.#confirm(stream, seenBefore, timesOpened);
    const ids = ownPending.find(stream, ordinals).map(({ id }) => id);
    if (ids.length === 0) return undefined; // another member holds the lease of the stream
    const acknowledged = await connection.call(['XACK', stream, groupId, ...ids], undefined, timesOpened);
    ownPending.remove(stream, ordinals);
    // After a reconnect, an acknowledgement whose reply was lost may have been repeated.
    if (seenBefore.length === 0) await this.#lookForOthers(stream, ids, Number(acknowledged));
    return ids.at(-1);
  }

  /** Entries that are gone from the stream are not pending any more either: trimmed ones, or all after a FLUSHALL. */
  async #lookForOthers(stream: string, ids: readonly string[], acknowledged: number): Promise<void> {
    const { connection, onAcknowledgedElsewhere } = this.#options;
    if (acknowledged >= ids.length || onAcknowledgedElsewhere === undefined) return;
    const looks = connection.send(ids.map((id) => ['XRANGE', stream, id, id]));
    const found = await looks.catch(() => []); // it only decides about a warning
    const existing = found.filter((reply) => Array.isArray(reply) && reply.length > 0).length;
    if (acknowledged < existing) onAcknowledgedElsewhere(stream);
  }

  async #confirm(stream: string, entries: readonly OwnPendingEntry[], timesOpened: number): Promise<void> {
    const { connection, groupId, ownPending } = this.#options;
    const commands = entries.map(({ id }) => ['XRANGE', stream, id, id]);
    const replies = await connection.send(commands, undefined, timesOpened);
    const others = entries.filter((entry, index) => isOther(entry, replies[index]));
    ownPending.confirm(stream, entries, timesOpened);
    if (others.length === 0) return;
    ownPending.remove(
      stream,
      others.map(({ ordinal }) => ordinal),
    );
    runtime().logger.warn(
      { stream, groupId, count: others.length, position: others[0]?.id },
      'another event has the id of one that was in flight: Redis was replaced by one whose clock is behind; the other event stays to be processed',
    );
  }
}

/** An entry that was trimmed, or may not be read, is acknowledged nevertheless. */
function isOther(entry: OwnPendingEntry, reply: RedisReply | RedisReplyError | undefined): boolean {
  if (!Array.isArray(reply)) return false;
  const [found] = entriesIn(reply).entries;
  return found !== undefined && !hasContent(entry, found.fields);
}
