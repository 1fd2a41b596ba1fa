import { reasonOf, runtime } from '@openedx-ts/events-core/bus';
import type { Bell } from './bell.js';

/**
 * What keeps a member, or a part of what it has, from reading right now. What concerns all of it is thrown where
 * deliveries are waited for; what concerns a node or a partition must not hold up the others, and is logged. Health
 * shows both.
 */
export class Troubles {
  readonly #bell: Bell;
  readonly #groupId: string;
  readonly #parts = new Map<string, string>();
  #whole: Error | undefined;
  #told: string | undefined;
  #fatal: { readonly error: unknown } | undefined;

  /** @param bell rung when there is a trouble more or less */
  constructor(bell: Bell, groupId: string) {
    this.#bell = bell;
    this.#groupId = groupId;
  }

  get whole(): Error | undefined {
    return this.#whole;
  }

  get reasons(): readonly string[] {
    return [...(this.#whole === undefined ? [] : [reasonOf(this.#whole)]), ...new Set(this.#parts.values())];
  }

  /** Notes what keeps all from being read, or with undefined that nothing does any more. */
  set(error: Error | undefined): void {
    if (this.#whole === undefined && error === undefined) return;
    this.#whole = error;
    if (error === undefined) this.#told = undefined;
    this.#bell.ring();
  }

  /** Notes what keeps a part from being read, or with undefined that nothing does any more. */
  setPart(part: string, error: Error | undefined): void {
    if (error === undefined) {
      this.#parts.delete(part);
      return;
    }
    const reason = reasonOf(error);
    if (this.#parts.get(part) === reason) return;
    this.#parts.set(part, reason);
    runtime().logger.warn(
      { err: error, part, groupId: this.#groupId },
      'a part cannot be read; trying again',
    );
  }

  /** Notes what no waiting helps against; the first counts. */
  fail(error: unknown): void {
    this.#fatal ??= { error };
    this.#bell.ring();
  }

  /** Throws what keeps all from being read, each reason once. */
  throwNew(): void {
    if (this.#fatal !== undefined) throw this.#fatal.error;
    if (this.#whole === undefined || reasonOf(this.#whole) === this.#told) return;
    this.#told = reasonOf(this.#whole);
    throw this.#whole;
  }
}
