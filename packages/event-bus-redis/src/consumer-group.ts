import { DateTime, InvalidOptionsError, type StartPosition } from '@openedx-ts/events-core';
import { runtime } from '@openedx-ts/events-core/bus';
import { asInfrastructure, type RedisConnection, RedisReplyError } from './redis-connection.js';

export interface ConsumerGroupOptions {
  readonly connection: RedisConnection;
  readonly groupId: string;
  readonly startFrom: StartPosition;
  readonly deadlineMs: number;
  /** Called when the group of a stream had gone and was made again. */
  readonly onHealed: (stream: string) => void;
}

/** A group of a stream: made once, where `startFrom` says, and never moved. */
export class ConsumerGroup {
  readonly #options: ConsumerGroupOptions;
  /** The newest entry that this member acknowledged, by stream. */
  readonly #acknowledged = new Map<string, string>();
  /** Streams whose group was there once. */
  readonly #seen = new Set<string>();

  constructor(options: ConsumerGroupOptions) {
    this.#options = options;
    startId(options.startFrom, options.groupId);
  }

  /**
   * Makes the group, and the stream, where there is none. When it was there before, and only the connection was lost
   * meanwhile, a group that has gone is healed: what was sent since must not be skipped.
   */
  async create(stream: string): Promise<void> {
    const { startFrom, groupId } = this.#options;
    if (this.#seen.has(stream)) return this.heal(stream);
    await this.#createAt(stream, startId(startFrom, groupId));
    this.#seen.add(stream);
  }

  acknowledged(stream: string, id: string | undefined): void {
    if (id !== undefined) this.#acknowledged.set(stream, id);
  }

  /**
   * Makes a group again that has gone (FLUSHALL, a deleted key, a failover to an empty replica): behind what this
   * member acknowledged last, or at the beginning, so that nothing is skipped. What was lost with it is lost.
   */
  async heal(stream: string): Promise<void> {
    const id = this.#acknowledged.get(stream) ?? '0';
    if (!(await this.#createAt(stream, id))) return;
    const { groupId, onHealed } = this.#options;
    onHealed(stream);
    const { logger, telemetry } = runtime();
    telemetry.record({ type: 'events.lost', lane: stream, groupId, count: null, reason: 'group-gone' });
    logger.error(
      { stream, groupId, from: id },
      'the group was gone and was made again: what the stream held before may be lost',
    );
  }

  async #createAt(stream: string, id: string): Promise<boolean> {
    const { connection, groupId, deadlineMs } = this.#options;
    try {
      await connection.call(['XGROUP', 'CREATE', stream, groupId, id, 'MKSTREAM'], deadlineMs);
      return true;
    } catch (error) {
      if (!(error instanceof RedisReplyError)) throw error;
      if (error.code === 'BUSYGROUP') return false;
      throw asInfrastructure(error);
    }
  }
}

/** The id behind which a new group begins. */
function startId(startFrom: StartPosition, groupId: string): string {
  if (startFrom === 'resume') return '$';
  if (startFrom === 'earliest') return '0';
  if ('time' in startFrom) return idBefore(DateTime.from(startFrom.time).toDate().getTime(), 0n);
  const [, ms, sequence = '0'] = /^(\d{1,15})(?:-(\d{1,20}))?$/.exec(startFrom.position) ?? [];
  if (ms !== undefined && BigInt(sequence) <= MAX_SEQUENCE) return idBefore(Number(ms), BigInt(sequence));
  throw new InvalidOptionsError(`Redis consumer of group ${groupId}`, [
    {
      path: 'startFrom',
      message: 'expected the id of an entry, e.g. "1679676448892-0": the group begins with it',
    },
  ]);
}

/** The greatest id that is smaller than `<ms>-<sequence>`. */
export function idBefore(ms: number, sequence: bigint): string {
  if (sequence > 0n) return `${ms}-${sequence - 1n}`;
  return ms <= 0 ? '0-0' : `${ms - 1}-${MAX_SEQUENCE}`;
}

const MAX_SEQUENCE = 2n ** 64n - 1n;
