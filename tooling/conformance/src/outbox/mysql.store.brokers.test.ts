import { mysqlOrReason } from '@openedx-ts/brokers';
import { describeOutboxStore } from '@openedx-ts/events-testing/outbox-conformance';
import * as vitest from 'vitest';
import { type MysqlIsolation, mysqlStoreHarness } from './mysql-store-harness.js';

const mysql = await mysqlOrReason();
const isolations: readonly MysqlIsolation[] = ['READ COMMITTED', 'REPEATABLE READ'];

vitest.describe.skipIf(mysql.reason !== undefined)(
  mysql.titled('the outbox in a real MySQL or MariaDB'),
  () => {
    for (const isolation of isolations)
      describeOutboxStore(
        mysqlStoreHarness(() => mysql.start(), isolation),
        vitest,
      );
  },
);
