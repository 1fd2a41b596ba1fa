import { reasonOf } from '@openedx-ts/events-core';
import type { Bell } from './bell.js';

/** What keeps a member from reading right now. Each trouble is thrown once, so that whoever waits can say so. */
export class Troubles {
  readonly #bell: Bell;
  readonly #current = new Map<string, Error>();
  #fatal: { readonly error: unknown } | undefined;
  #told: string | undefined;

  /** @param bell rung when there is a trouble more or less */
  constructor(bell: Bell) {
    this.#bell = bell;
  }

  get current(): Error | undefined {
    return this.#current.values().next().value;
  }

  /** Notes a trouble, or with undefined that it is over. */
  set(what: string, error: Error | undefined): void {
    if (error === undefined) {
      if (!this.#current.delete(what)) return;
      if (this.#current.size === 0) this.#told = undefined;
    } else this.#current.set(what, error);
    this.#bell.ring();
  }

  /** Notes what no waiting helps against; the first counts. */
  fail(error: unknown): void {
    this.#fatal ??= { error };
    this.#bell.ring();
  }

  throwNew(): void {
    if (this.#fatal !== undefined) throw this.#fatal.error;
    const { current } = this;
    if (current === undefined || reasonOf(current) === this.#told) return;
    this.#told = reasonOf(current);
    throw current;
  }
}
