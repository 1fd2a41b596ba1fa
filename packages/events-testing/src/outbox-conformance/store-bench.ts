import { AssertionError } from 'node:assert';
import { randomUUID } from 'node:crypto';
import type { OutboxEntry, OutboxStore, PendingEntry, PendingPage } from '@openedx-ts/events-outbox';
import type { SqlDatabase, SqlResult } from '@openedx-ts/events-sql';
import { isMissing } from '../conformance/missing.js';
import { eventually, within } from '../conformance/waiting.js';
import type { OutboxStoreHarness, StoreConnection } from './outbox-store-harness.js';

/** What one test of a store works with: topics of its own, and connections that are closed at its end. */
export class StoreBench {
  readonly harness: OutboxStoreHarness;
  readonly store: OutboxStore;
  readonly timeoutMs: number;
  readonly #connections: StoreConnection[] = [];
  readonly #name = `t-${randomUUID().slice(0, 8)}`;
  #topics = 0;

  constructor(harness: OutboxStoreHarness) {
    this.harness = harness;
    this.store = harness.store;
    this.timeoutMs = harness.timeoutMs ?? 20_000;
  }

  get database(): SqlDatabase<unknown> {
    return this.harness.database();
  }

  /** A topic of its own. Topics of one test sort in the order in which they are made. */
  topic(): string {
    this.#topics += 1;
    return `${this.#name}-${this.#topics}`;
  }

  /** An entry with every field. */
  entry(topic: string, key: string, fields: Partial<OutboxEntry> = {}): OutboxEntry {
    const eventId = fields.eventId ?? randomUUID();
    const eventType = 'org.openedx.conformance.item.happened.v1';
    return {
      topic,
      key,
      eventType,
      eventId,
      metadata: JSON.stringify({ id: eventId, event_type: eventType }),
      record: Uint8Array.of(2, 0, 255),
      recordSchema: 'a'.repeat(64),
      keyBytes: Buffer.from(key),
      keySchema: 'b'.repeat(64),
      ...fields,
    };
  }

  /** A connection on which a transaction is open; closed at the end. */
  async begin(): Promise<StoreConnection> {
    if (isMissing(this.harness.connect)) throw new TypeError('the test does not need connect');
    const connection = await this.harness.connect();
    this.#connections.push(connection);
    await connection.executor.query('BEGIN');
    return connection;
  }

  /** Appends entries in an open transaction. The caller need not look at a failure. */
  append({ executor }: StoreConnection, ...entries: readonly OutboxEntry[]): Promise<void> {
    const appended = this.store.append(executor, entries);
    appended.catch(() => {});
    return appended;
  }

  commitOf({ executor }: StoreConnection): Promise<SqlResult> {
    return this.within('COMMIT', executor.query('COMMIT'));
  }

  /** Appends entries in a transaction of their own. */
  commit(...entries: readonly OutboxEntry[]): Promise<void> {
    return this.database.transaction((_, executor) => this.store.append(executor, entries));
  }

  /** Waits until a step has ended, or waits for a lock. @returns whether it has ended */
  async hasEnded(connection: StoreConnection, step: Promise<unknown>): Promise<boolean> {
    let ended = false;
    const note = () => {
      ended = true;
    };
    step.then(note, note);
    return eventually('a statement that ends or waits for a lock', this.timeoutMs, async () => {
      if (ended) return true;
      return (await connection.isBlocked()) ? ended : undefined;
    });
  }

  /** Reads pending entries of a topic, all unless the page limits them. */
  pending(topic: string, page: Partial<PendingPage> = {}): Promise<readonly PendingEntry[]> {
    return this.store.readPending(this.database, this.page(topic, page));
  }

  page(topic: string, page: Partial<PendingPage> = {}): PendingPage {
    return {
      topic,
      after: 0n,
      maxRows: 10_000,
      maxBytes: 1_000_000_000,
      except: [],
      holdParkedKeys: false,
      ...page,
    };
  }

  /** The keys of the pending entries of a topic, by position. */
  async pendingKeys(topic: string, page: Partial<PendingPage> = {}): Promise<readonly string[]> {
    return (await this.pending(topic, page)).map(({ key }) => key);
  }

  /** The only pending entry of a topic. */
  async onlyPending(topic: string): Promise<PendingEntry> {
    const [entry, ...others] = await this.pending(topic);
    if (entry !== undefined && others.length === 0) return entry;
    throw new AssertionError({
      message: `topic ${topic} has ${others.length + (entry ? 1 : 0)} entries, not one`,
    });
  }

  /** Waits for a promise. */
  within<T>(what: string, promise: PromiseLike<T>): Promise<T> {
    return within(what, this.timeoutMs, promise);
  }

  async close(): Promise<void> {
    await Promise.all(this.#connections.map((connection) => connection.close()));
  }
}
