import { InfrastructureError } from '@openedx-ts/events-core';
import type { ProducerSession } from '../driver/producer-session.js';

/** The session that a publisher sends with: opened on first use, and again after one of its connections has ended. */
export class CurrentSession {
  readonly #create: () => ProducerSession;
  #session: Promise<ProducerSession> | undefined;
  /** The same once it is open. */
  #opened: ProducerSession | undefined;
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
    if (this.#session !== undefined && this.#opened?.hasEnded) this.replace(this.#session);
    this.#session ??= this.#noted(this.#open());
    return this.#session;
  }

  /** Retires a session whose connection is of no use: the next call of `get` opens another. */
  replace(session: Promise<ProducerSession>): void {
    if (this.#session === session) {
      this.#session = undefined;
      this.#opened = undefined;
    }
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

  #noted(opening: Promise<ProducerSession>): Promise<ProducerSession> {
    const note = (opened: ProducerSession) => {
      if (this.#session === opening) this.#opened = opened;
    };
    opening.then(note, () => {}); // whoever waits for it has the error
    return opening;
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
