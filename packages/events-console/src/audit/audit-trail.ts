import { reasonOf, runtime } from '@openedx-ts/events-core/bus';
import type { AuditEntry } from '../answers/audit-entry.js';

/** Keeps what was done; rejects when it cannot. */
export type AuditSink = (entry: AuditEntry) => void | Promise<void>;

/** What was done in this console since it was made, the last thousand entries; each goes to the sink and the log, too. */
export class AuditTrail {
  readonly #entries: AuditEntry[] = [];
  readonly #sink: AuditSink | undefined;

  constructor(sink: AuditSink | undefined) {
    this.#sink = sink;
  }

  /** The newest first. */
  get entries(): readonly AuditEntry[] {
    return this.#entries.toReversed();
  }

  /**
   * Adds an entry.
   *
   * @throws what the sink throws: whoever is about to change something must not go on
   */
  async add(entry: Omit<AuditEntry, 'at'>): Promise<void> {
    const { logger, clock } = runtime();
    const whole: AuditEntry = { at: clock.now(), ...entry };
    const { facts, ...about } = entry;
    logger.info({ ...about, ...facts }, 'console: an operator acted');
    await this.#sink?.(whole);
    this.#entries.push(whole);
    if (this.#entries.length > MAX_ENTRIES) this.#entries.shift();
  }

  /** Adds how something ended that was changed. Never rejects: a failure of the sink is logged, and reverts nothing. */
  async addOutcome(entry: Omit<AuditEntry, 'at'>): Promise<void> {
    try {
      await this.add(entry);
    } catch (error) {
      const { action, target, outcome } = entry;
      runtime().logger.error(
        { err: reasonOf(error), action, target, outcome },
        'console: an outcome could not be recorded',
      );
    }
  }
}

const MAX_ENTRIES = 1_000;
