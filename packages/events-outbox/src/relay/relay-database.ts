import { EventsError } from '@openedx-ts/events-core';
import { FailureLog, reasonOf } from '@openedx-ts/events-core/bus';
import { type SqlDatabase, unavailabilityOf } from '@openedx-ts/events-sql';
import { answerWithin } from '../database/answer-within.js';

/** What a statement of the relay is for. */
export type RelayStatement =
  | 'find topics'
  | 'find held lanes'
  | 'hold the lease'
  | 'park entries'
  | 'purge published entries'
  | 'read entries'
  | 'read schemas'
  | 'read the state'
  | 'remove published entries';

/** The database as a relay uses it: each statement has a time limit, and a failure that lasts is logged once. */
export class RelayDatabase {
  readonly #database: SqlDatabase<unknown>;
  readonly #outage = new FailureLog({
    failing: 'the database of the outbox is unreachable; the relay tries again',
    recovered: 'the database of the outbox is reachable again',
  });
  readonly #refusals = new FailureLog({
    failing:
      'the database of the outbox refuses a statement of the relay, which tries again: compare the tables and the rights of its user with "openedx-events outbox migrate --print"',
    recovered: 'the database of the outbox accepts the statements of the relay again',
  });
  readonly #conflicts = new FailureLog({
    failing:
      'the database of the outbox ended a statement of the relay for a conflict with another transaction; the relay tries again',
    recovered: 'the database of the outbox executes the statements of the relay again',
  });
  readonly #errors = new WeakSet<object>();
  #unreachable: string | undefined;
  /** What it does not execute now, for a conflict too. */
  readonly #refused = new Map<RelayStatement, string>();
  #recoveries = 0;

  constructor(database: SqlDatabase<unknown>) {
    this.#database = database;
  }

  /** What the database fails to do now; empty when it works. */
  get problems(): readonly string[] {
    const reasons = this.#unreachable === undefined ? [...this.#refused.values()] : [this.#unreachable];
    return reasons.map((reason) => `the database of the outbox: ${reason}`);
  }

  /** How often it was reachable again after an outage: it may be another server, or have other rows than before. */
  get recoveries(): number {
    return this.#recoveries;
  }

  /** Whether this is the error of a statement, which was logged. */
  hasThrown(error: unknown): boolean {
    return isObject(error) && this.#errors.has(error);
  }

  /**
   * Runs statements.
   *
   * @throws InfrastructureError when they take longer than `timeoutMs`
   * @throws what the database throws
   */
  async run<T>(
    statement: RelayStatement,
    work: (database: SqlDatabase<unknown>) => Promise<T>,
    timeoutMs = STATEMENT_TIMEOUT_MS,
  ): Promise<T> {
    try {
      const result = await answerWithin(this.#database, timeoutMs, work);
      this.#works(statement);
      return result;
    } catch (error) {
      if (isObject(error)) this.#errors.add(error);
      this.#fails(statement, error);
      throw error;
    }
  }

  #works(statement: RelayStatement): void {
    if (this.#unreachable !== undefined) {
      this.#unreachable = undefined;
      this.#recoveries += 1;
      this.#outage.recovered();
    }
    if (!this.#refused.delete(statement) || this.#refused.size > 0) return;
    this.#refusals.recovered();
    this.#conflicts.recovered();
  }

  #fails(statement: RelayStatement, error: unknown): void {
    const isInfrastructure = EventsError.is(error) && error.code === 'EVENTS_INFRASTRUCTURE';
    const isConflict = isInfrastructure && unavailabilityOf(error.cause) === 'conflict';
    if (isInfrastructure && !isConflict) {
      this.#unreachable = reasonOf(error);
      this.#outage.failed(error, { statement });
    } else {
      this.#refused.set(statement, `it cannot ${statement}: ${reasonOf(error)}`);
      (isConflict ? this.#conflicts : this.#refusals).failed(error, { statement });
    }
  }
}

function isObject(error: unknown): error is object {
  return typeof error === 'object' && error !== null;
}

/** Longer than any statement of a relay takes. A connection that is cut silently would be waited for until TCP notices. */
const STATEMENT_TIMEOUT_MS = 30_000;
