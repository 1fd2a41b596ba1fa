import { mysqlOrReason, postgresOrReason, redisOrReason } from '@openedx-ts/brokers';
import { describe, expect, it } from 'vitest';
import { sizeUnderTest } from '../size-under-test.js';
import type { DatabaseUnderTest } from './database-under-test.js';
import { outboxFiguresOf } from './outbox-result.js';
import type { OutboxScenario } from './outbox-scenario.js';
import { outboxScenarios } from './outbox-scenarios.js';
import { runOutbox } from './run-outbox.js';
import { mariadbUnderTest, postgresUnderTest } from './server-under-test.js';

const redis = await redisOrReason({ appendonly: 'always', own: true });
const databases = [
  { server: await postgresOrReason({ fsync: true, own: true }), database: postgresUnderTest },
  { server: await mysqlOrReason({ fsync: true, own: true }), database: mariadbUnderTest },
];
const seed = 20_260_101;

async function run(scenario: OutboxScenario, database: DatabaseUnderTest) {
  const size = sizeUnderTest(scenario);
  const result = await runOutbox(scenario, { database, seed, size });
  process.stdout.write(`${outboxFiguresOf(result)}\n`);
  return { result, size };
}

for (const { server, database } of databases) {
  const isMissing = server.reason !== undefined || redis.reason !== undefined;
  describe.skipIf(isMissing)(server.titled('an outbox'), { timeout: 240_000 }, () => {
    it.each(outboxScenarios)(
      'publishes each committed event in order, and no other: $name',
      async (scenario) => {
        const { result, size } = await run(scenario, database);
        expect(result).toMatchObject({ lost: 0, ghosts: 0, orderViolations: 0, deadlocks: 0, broken: [] });
        expect(result.committed).toBeGreaterThanOrEqual(size.events);
      },
    );
  });
}
