import { postgresOrReason } from '@openedx-ts/brokers';
import { describeOutboxStore } from '@openedx-ts/events-testing/outbox-conformance';
import { describe } from 'vitest';
import { postgresStoreHarness } from './postgres-store-harness.js';

const postgres = await postgresOrReason();

describe.skipIf(postgres.reason !== undefined)(postgres.titled('the outbox in a real PostgreSQL'), () => {
  describeOutboxStore(postgresStoreHarness(() => postgres.start()));
});
