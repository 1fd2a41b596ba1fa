import { mysqlOrReason, postgresOrReason } from '@openedx-ts/brokers';
import type { OutboxStoreHarness } from '@openedx-ts/events-testing/outbox-conformance';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mysqlStoreHarness } from '../mysql-store-harness.js';
import { pgliteStoreHarness } from '../pglite-store-harness.js';
import { postgresStoreHarness } from '../postgres-store-harness.js';
import { type CaughtStore, catchBrokenStores, tableOf } from './catch-broken-stores.js';

const [postgres, mysql] = await Promise.all([postgresOrReason(), mysqlOrReason()]);
const harnesses: readonly OutboxStoreHarness[] = [
  ...(postgres.reason === undefined ? [postgresStoreHarness(() => postgres.start())] : []),
  pgliteStoreHarness(),
  ...(mysql.reason === undefined ? [mysqlStoreHarness(() => mysql.start())] : []),
];

describe('broken stores of the outbox', () => {
  const found: CaughtStore[] = [];
  afterAll(() => process.stdout.write(`\n${tableOf(found)}\n`));

  describe.for(harnesses)('in $name', (harness) => {
    beforeAll(async () => {
      await harness.open?.();
      await harness.store.migrate(harness.database());
    });
    afterAll(() => harness.close?.());

    it('are each caught where they do harm, by every test that is for them', {
      timeout: 240_000,
    }, async () => {
      const caught = await catchBrokenStores(harness);
      found.push(...caught);
      expect(caught.filter(({ missed }) => missed.length > 0)).toEqual([]);
      // Not by a mistake in the broken store itself.
      const reasons = caught.flatMap(({ broken, failures }) =>
        failures.map((error) => `${broken}: ${String(error)}`),
      );
      const isExpected = (reason: string) => /AssertionError|40P01|ER_LOCK_DEADLOCK/.test(reason);
      expect(reasons.filter((reason) => !isExpected(reason))).toEqual([]);
    });
  });
});
