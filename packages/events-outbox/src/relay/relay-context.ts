import type { Producer } from '@openedx-ts/events-core';
import type { OutboxStore } from '../store/outbox-store.js';
import type { RelayDatabase } from './relay-database.js';
import type { ResolvedRelayOptions } from './relay-options.js';
import type { StoredSchemas } from './stored-schemas.js';

/** What the parts of one relay share. */
export interface RelayContext {
  readonly database: RelayDatabase;
  readonly store: OutboxStore;
  readonly producer: Pick<Producer, 'publishEncoded'>;
  readonly options: ResolvedRelayOptions;
  readonly schemas: StoredSchemas;
}
