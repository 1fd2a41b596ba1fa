import { EventsError, type Health, type Route } from '@openedx-ts/events-core';
import { backOff, FailureLog, reasonOf, unlessAborted } from '@openedx-ts/events-core/bus';

/** What a preparation does for routes; it may be repeated. */
export interface PreparationSteps {
  /** @throws OutboxTablesError */
  checkTables(): Promise<void>;
  prepareSchemas(routes: readonly Route[]): Promise<void>;
}

/** Prepares the outbox for routes: at the start, and while the database is unreachable again and again. */
export class OutboxPreparation {
  readonly #steps: PreparationSteps;
  readonly #closed = new AbortController();
  readonly #failures = new FailureLog({
    failing:
      'the database of the outbox is unreachable or not prepared; preparing the outbox for its routes is tried again',
    recovered: 'the outbox is prepared for its routes',
  });
  /** Routes that are not prepared yet. */
  #waiting: readonly Route[] = [];
  /** Those of them that are connected already, because the database was unreachable at the start. */
  readonly #connected = new Set<Route>();
  #attempt: Promise<void> | undefined;
  #retrying: Promise<void> | undefined;
  #lastError: unknown;

  constructor(steps: PreparationSteps) {
    this.#steps = steps;
  }

  /** @throws what the steps throw, unless the database is unreachable: then it goes on in the background until it succeeds */
  async warmUp(routes: readonly Route[]): Promise<void> {
    this.#waiting = [...this.#waiting, ...routes];
    try {
      await this.ready();
    } catch (error) {
      if (!isUnreachable(error)) throw error;
      for (const route of routes) this.#connected.add(route);
      this.#retrying ??= this.#retry();
    }
  }

  /** Resolves when nothing is left to prepare: at once, or after an attempt, whose error it throws. */
  async ready(): Promise<void> {
    while (this.#waiting.length > 0) {
      this.#attempt ??= this.#prepare().finally(() => {
        this.#attempt = undefined;
      });
      await this.#attempt;
    }
  }

  health(): Health {
    const { aborted: isClosed } = this.#closed.signal;
    const reasons = [
      ...(isClosed ? ['the outbox is closed'] : []),
      ...(this.#lastError === undefined ? [] : [`the outbox is not ready: ${reasonOf(this.#lastError)}`]),
    ];
    return { live: !isClosed, ready: reasons.length === 0, reasons };
  }

  /** Ends the attempts. */
  async close(): Promise<void> {
    this.#closed.abort();
    await this.#retrying;
  }

  async #prepare(): Promise<void> {
    const routes = this.#waiting;
    try {
      await this.#steps.checkTables();
      await this.#steps.prepareSchemas(routes);
      this.#waiting = this.#waiting.filter((route) => !routes.includes(route));
      for (const route of routes) this.#connected.delete(route);
      this.#lastError = undefined;
      this.#failures.recovered();
    } catch (error) {
      // What no attempt can cure is wrong with these routes, which are not connected then.
      if (!isUnreachable(error))
        this.#waiting = this.#waiting.filter(
          (route) => !routes.includes(route) || this.#connected.has(route),
        );
      if (this.#waiting.length > 0) {
        this.#failures.failed(error);
        this.#lastError = error;
      }
      throw error;
    }
  }

  async #retry(): Promise<void> {
    const { signal } = this.#closed;
    for (let failed = 1; this.#waiting.length > 0; failed += 1) {
      await backOff(failed, retry, signal);
      if (signal.aborted) return;
      await unlessAborted(signal, this.ready()).catch(() => {}); // health and log have the error
    }
    this.#retrying = undefined;
  }
}

function isUnreachable(error: unknown): boolean {
  return EventsError.is(error) && error.code === 'EVENTS_INFRASTRUCTURE';
}

const retry = { initialMs: 250, maxMs: 10_000 };
