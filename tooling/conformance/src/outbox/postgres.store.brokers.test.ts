import { type PostgresEdition, postgresOrReason } from '@openedx-ts/brokers';
import { describeOutboxStore } from '@openedx-ts/events-testing/outbox-conformance';
import * as vitest from 'vitest';
import { postgresStoreHarness } from './postgres-store-harness.js';

const postgres = await postgresOrReason();

vitest.describe.skipIf(postgres.reason !== undefined)(
  postgres.titled('the outbox in a real PostgreSQL'),
  () => {
    describeOutboxStore(
      postgresStoreHarness(() => postgres.start()),
      vitest,
    );
  },
);

// The oldest and the newest version that are supported; `npm run test:full` runs the suite on them.
const editions: readonly PostgresEdition[] = ['postgres-13', 'postgres-18'];

for (const edition of process.env.TEST_SIZE === 'short' ? editions : []) {
  const other = await postgresOrReason({ own: true, edition });
  vitest.describe.skipIf(other.reason !== undefined)(other.titled(`the outbox in ${edition}`), () => {
    describeOutboxStore(
      postgresStoreHarness(() => other.start()),
      vitest,
    );
  });
}
