import type { EventsMetadata, OpenEdxPublicSignal, PayloadFields } from '@openedx-ts/events-core';
import { type FieldsOutput, metadataFromJson } from '@openedx-ts/events-core/bus';
import { type SqlOutbox, type SqlOutboxOptions, sqlOutbox } from '@openedx-ts/events-outbox';
import { anyEventCodec } from '../any-event-codec.js';
import { recordingDatabase } from './recording-database.js';
import { RecordingStore } from './recording-store.js';

/** An event that a transaction has stored in a `RecordedOutbox`. */
export interface RecordedEntry<F extends PayloadFields = PayloadFields> {
  /** Without prefix. */
  readonly topic: string;
  /** The event key as text. */
  readonly key: string;
  /** As it would reach a receiver. */
  readonly data: FieldsOutput<F>;
  readonly metadata: EventsMetadata;
}

/** An outbox without a database: it keeps in memory what a relay would publish. */
export interface RecordedOutbox<Transaction> extends SqlOutbox<Transaction> {
  /**
   * Returns the events of a signal that would be published, in the order of commits: those of transactions whose work has
   * resolved, and what `within` and `append` have stored, since the outbox does not see the end of their transactions.
   */
  committed<F extends PayloadFields>(signal: OpenEdxPublicSignal<F>): Promise<readonly RecordedEntry<F>[]>;
}

/** Options of `recordOutbox`. */
export interface RecordOutboxOptions<Transaction> extends Pick<SqlOutboxOptions, 'outside'> {
  /** What the work of a transaction gets, such as a double of your database's transaction. @defaultValue undefined */
  readonly transaction?: Transaction;
}

/**
 * Creates an outbox for tests that need no database. Transactions, savepoints and refused events behave as with
 * `sqlOutbox`, of which this is one; only statements do nothing. Give it to `startEventBus`, and to the code under test.
 */
export function recordOutbox<Transaction = undefined>(
  options: RecordOutboxOptions<Transaction> = {},
): RecordedOutbox<Transaction> {
  const { transaction, outside = 'refuse' } = options;
  const recorded = new RecordingStore();
  const database = recordingDatabase(transaction as Transaction);
  const outbox = sqlOutbox(database, { store: recorded.store, relay: false, outside });
  const committed = async <F extends PayloadFields>(signal: OpenEdxPublicSignal<F>) => {
    const codec = anyEventCodec.bind(signal as unknown as OpenEdxPublicSignal);
    return recorded.entries
      .filter(({ eventType }) => eventType === signal.eventType)
      .map(({ topic, key, metadata, record }) => ({
        topic,
        key,
        data: codec.decode(record, null) as FieldsOutput<F>,
        metadata: metadataFromJson(JSON.parse(metadata)),
      }));
  };
  return Object.assign(outbox, { committed });
}
