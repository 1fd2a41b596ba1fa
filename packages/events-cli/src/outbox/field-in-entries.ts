import { avroCodec } from '@openedx-ts/events-avro';
import type { FieldCondition } from '@openedx-ts/events-core/operate';
import type { OutboxEntry } from '@openedx-ts/events-outbox';
import { knownSignal } from '../signals/known-signals.js';
import type { OpenedOutbox } from './open-outbox.js';

/** Looks for the value of a field in entries of an outbox, and counts those that cannot be decoded. */
export class FieldInEntries {
  unreadable = 0;
  readonly #outbox: OpenedOutbox;
  readonly #field: FieldCondition;
  readonly #codec = avroCodec({ unsafeIntegers: 'bigint' });

  constructor(outbox: OpenedOutbox, field: FieldCondition) {
    this.#outbox = outbox;
    this.#field = field;
  }

  /** @throws InfrastructureError when the database cannot be reached */
  async isIn({ eventType, record, recordSchema }: OutboxEntry): Promise<boolean> {
    const { store, database } = this.#outbox;
    const schemas = await store.readSchemas(database, [recordSchema]);
    const writer = schemas.get(recordSchema);
    try {
      if (writer === undefined) throw new Error(`schema ${recordSchema} is not stored`);
      const signal = await knownSignal(eventType);
      const data = (await this.#codec.bind(signal)).decode(record, writer) as object;
      return this.#field.matches(signal.shape, data);
    } catch {
      this.unreadable += 1;
      return false;
    }
  }
}
