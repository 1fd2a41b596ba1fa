import { InfrastructureError } from '@openedx-ts/events-core';
import type { ProducerSession } from '../driver/producer-session.js';

/** The session that a publisher sends with: opened on first use, and again after its connection was lost. */
export class CurrentSession {
  readonly #create: () => ProducerSession;
  #session: Promise<ProducerSession> | undefined;
  #isClosed = false;

  constructor(create: () => ProducerSession) {
    this.#create = create;
  }

  /**
   * Returns the session, or opens one.
   *
   * @throws InfrastructureError after `close()`
   */
  get(): Promise<ProducerSession> {
    if (this.#isClosed) return Promise.reject(new InfrastructureError('Kafka: the connection is closed'));
    this.#session ??= this.#open();
    return this.#session;
  }

  /** Retires a session whose connection is of no use: the next call of `get` opens another. */
  replace(session: Promise<ProducerSession>): void {
    if (this.#session === session) this.#session = undefined;
    session.then(
      (opened) => opened.retire(),
      () => {}, // it never was open
    );
  }

  /** Ends the connections; what is in flight fails. Safe to call twice. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const session = await this.#session?.catch(() => undefined);
    session?.close();
  }

  async #open(): Promise<ProducerSession> {
    const session = this.#create();
    try {
      await session.connect();
      return session;
    } catch (error) {
      session.close();
      throw error;
    }
  }
}
