import { FailureLog, reasonOf } from '@openedx-ts/events-core/bus';
import { LeaderlessError } from '../driver/leaderless-error.js';
import type { Bell } from './bell.js';

/**
 * The failures that keep a member from reading. One that affects the whole member is thrown where deliveries are waited
 * for. One that affects a broker or a partition does not hold up the others: it is logged with growing gaps while it
 * lasts. Health reports both.
 */
export class MemberFailures {
  readonly #bell: Bell;
  readonly #log: FailureLog;
  readonly #parts = new Map<string, Error>();
  #whole: Error | undefined;
  #thrown: string | undefined;
  #fatal: { readonly error: unknown } | undefined;

  /** @param bell rung when a failure of the whole member comes or ends */
  constructor(bell: Bell, groupId: string) {
    this.#bell = bell;
    this.#log = new FailureLog({
      failing: 'A partition or a broker cannot be reached. It is retried; see the reason.',
      recovered: 'All partitions and brokers can be reached again.',
      facts: { groupId },
    });
  }

  /** The failure that affects the whole member; undefined for none. */
  get whole(): Error | undefined {
    return this.#whole;
  }

  /** The reasons of all failures, each once. */
  get reasons(): readonly string[] {
    const parts = Array.from(this.#parts.values(), reasonOf);
    return [...(this.#whole === undefined ? [] : [reasonOf(this.#whole)]), ...new Set(parts)];
  }

  /** Those of partitions without a leader. */
  get leaderless(): readonly string[] {
    return [...this.#parts.values()].filter((error) => error instanceof LeaderlessError).map(reasonOf);
  }

  /** Whether one of the failures may keep the events of a partition from being fetched. */
  affects(lane: string): boolean {
    const parts = [...this.#parts.keys()];
    return this.#whole !== undefined || parts.some((part) => part === lane || part.startsWith('node '));
  }

  /** Notes a failure that affects the whole member, or with undefined its end. */
  set(error: Error | undefined): void {
    if (this.#whole === undefined && error === undefined) return;
    this.#whole = error;
    if (error === undefined) this.#thrown = undefined;
    this.#bell.ring();
  }

  /** Notes a failure with a broker or a partition, or with undefined its end. */
  setPart(part: string, error: Error | undefined): void {
    if (error !== undefined) {
      this.#parts.set(part, error);
      this.#log.failed(error, { part });
    } else if (this.#parts.delete(part) && this.#parts.size === 0) {
      this.#log.recovered();
    }
  }

  /** Notes an error that no waiting helps against; the first one is thrown. */
  fail(error: unknown): void {
    this.#fatal ??= { error };
    this.#bell.ring();
  }

  /** Throws the failure that affects the whole member, each reason once. */
  throwNew(): void {
    if (this.#fatal !== undefined) throw this.#fatal.error;
    if (this.#whole === undefined || reasonOf(this.#whole) === this.#thrown) return;
    this.#thrown = reasonOf(this.#whole);
    throw this.#whole;
  }
}
