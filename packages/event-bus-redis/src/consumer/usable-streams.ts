import { backoffMs, FailureLog, reasonOf, runtime } from '@openedx-ts/events-core/bus';
import { keyRefusal } from '../driver/redis-reply-error.js';

/** What `UsableStreams` works with. */
export interface UsableStreamsOptions {
  /** The full topics of the consumer. */
  readonly streams: readonly string[];
  readonly groupId: string;
  /** Creates the group of a stream unless it exists; false for a stream that may be missing, and is. */
  readonly createGroup: (stream: string) => Promise<boolean>;
  readonly initialBackoffMs: number;
  readonly maxBackoffMs: number;
}

/**
 * The streams of a consumer that can be read. A stream whose key Redis refuses, because it is of another type or this
 * user may not access it, is left out and tried again after a backoff; the others are read.
 */
export class UsableStreams {
  readonly #options: UsableStreamsOptions;
  readonly #open = new Set<string>();
  readonly #refused = new Map<string, RefusedStream>();
  readonly #found = new Set<string>();
  /** When to look for missing streams again, by the monotonic clock. */
  readonly #missing = new Map<string, number>();

  constructor(options: UsableStreamsOptions) {
    this.#options = options;
  }

  /** Why streams are not read, for `health()`. */
  get reasons(): readonly string[] {
    return Array.from(this.#refused, ([stream, { reason }]) => {
      return `stream ${stream} is not read, and tried again: ${reason}`;
    });
  }

  /** Whether a stream may be read. */
  has(stream: string): boolean {
    return this.#open.has(stream);
  }

  /** Whether a stream could be read at any time. */
  wasOpen(stream: string): boolean {
    return this.#found.has(stream);
  }

  /** Whether `reasons` names a stream. */
  isRefused(stream: string): boolean {
    return this.#refused.has(stream);
  }

  /**
   * Creates the groups of streams that were not opened yet, or whose next try is due.
   *
   * @returns the streams that may be read
   * @throws every error that is not about the key of one stream
   */
  async open(): Promise<readonly string[]> {
    const { streams, createGroup } = this.#options;
    for (const stream of streams) {
      const tryAt = this.#refused.get(stream)?.tryAt ?? this.#missing.get(stream) ?? 0;
      if (this.#open.has(stream) || runtime().clock.monotonic() < tryAt) continue;
      try {
        if (await createGroup(stream)) {
          this.#open.add(stream);
          this.#found.add(stream);
          this.#missing.delete(stream);
        } else this.#missing.set(stream, runtime().clock.monotonic() + LOOK_EVERY_MS);
      } catch (error) {
        this.refuse(stream, error);
      }
    }
    return streams.filter((stream) => this.#open.has(stream));
  }

  /** Leaves out a stream whose key Redis refuses. @throws the error, when it is about something else */
  refuse(stream: string, error: unknown): void {
    const refusal = keyRefusal(error);
    if (refusal === undefined) throw error;
    const { groupId, initialBackoffMs: initialMs, maxBackoffMs: maxMs } = this.#options;
    const { clock, random } = runtime();
    const before = this.#refused.get(stream);
    const failedTries = (before?.failedTries ?? 0) + 1;
    const log = before?.log ?? new FailureLog({ ...words, facts: { stream, groupId } });
    const tryAt = clock.monotonic() + backoffMs(failedTries, { initialMs, maxMs }, random);
    this.#open.delete(stream);
    this.#refused.set(stream, { failedTries, tryAt, log, reason: reasonOf(refusal) });
    log.failed(refusal);
  }

  /** Notes that streams were read. */
  confirm(streams: readonly string[]): void {
    if (this.#refused.size === 0) return;
    for (const stream of streams) {
      this.#refused.get(stream)?.log.recovered();
      this.#refused.delete(stream);
    }
  }

  /** Makes the next `open` create every group again that is gone. */
  reset(): void {
    this.#open.clear();
    this.#missing.clear();
  }
}

/** How often to look for a missing stream, in milliseconds. */
const LOOK_EVERY_MS = 1_000;

interface RefusedStream {
  readonly failedTries: number;
  /** When to try again, by the monotonic clock. */
  readonly tryAt: number;
  readonly log: FailureLog;
  readonly reason: string;
}

const words = {
  failing:
    'A stream cannot be read, because Redis refuses its key. It is tried again; other streams are read.',
  recovered: 'A stream can be read again.',
};
