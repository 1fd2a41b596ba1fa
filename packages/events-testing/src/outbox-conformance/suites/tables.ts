import assert from 'node:assert/strict';
import type { StoreBench } from '../store-bench.js';
import { storeSuite } from '../store-test.js';

/** The tables are created once, and a process that cannot use them learns why. */
export const tables = storeSuite('tables', [
  {
    name: 'creates the tables once when 16 processes start at once',
    run: async (bench) => {
      await dropTables(bench);
      const applied = await Promise.all(
        Array.from({ length: 16 }, () => bench.store.migrate(bench.database)),
      );
      assert.equal(applied.filter(({ from }) => from === 0).length, 1);
      assert.ok(applied.every(({ to }) => to === applied[0]?.to && to > 0));
      await bench.store.checkVersion(bench.database);
    },
  },
  {
    name: 'names missing tables and their cure, in an open transaction too, which can continue',
    run: async (bench) => {
      await dropTables(bench);
      const missing = {
        code: 'EVENTS_OUTBOX_TABLES',
        reason: 'missing',
        message: /openedx-events outbox migrate/,
      };
      await bench.database.transaction(async (_, executor) => {
        await assert.rejects(bench.store.checkVersion(executor), missing);
        await executor.query('SELECT 1');
      });
      const topic = bench.topic();
      await assert.rejects(bench.commit(bench.entry(topic, 'key')), missing);
      await assert.rejects(bench.pending(topic), missing);
      await bench.store.migrate(bench.database);
      await bench.commit(bench.entry(topic, 'key'));
    },
  },
  {
    name: 'refuses older tables, newer tables that it cannot read, and no others',
    run: async (bench) => {
      const { store, database } = bench;
      const { to: current } = await store.migrate(database);
      const versions = `${bench.harness.table}_migrations`;
      const rejectedAs = (reason: string) => ({ code: 'EVENTS_OUTBOX_TABLES', reason });
      await database.query(
        `INSERT INTO ${versions} (version, readable_from) VALUES (${current + 1}, ${current})`,
      );
      await store.checkVersion(database);
      assert.deepEqual(await store.migrate(database), { from: current + 1, to: current + 1 });
      await database.query(
        `INSERT INTO ${versions} (version, readable_from) VALUES (${current + 2}, ${current + 2})`,
      );
      await assert.rejects(store.checkVersion(database), {
        ...rejectedAs('newer'),
        found: current + 2,
        expected: current,
      });
      await assert.rejects(store.migrate(database), rejectedAs('newer'));
      await database.query(`DELETE FROM ${versions} WHERE version > ${current}`);
      await store.checkVersion(database);
      await database.query(`UPDATE ${versions} SET version = version - ${current}`);
      if (current > 1) await assert.rejects(store.checkVersion(database), rejectedAs('older'));
      await database.query(`UPDATE ${versions} SET version = version + ${current}`);
    },
  },
  {
    name: 'prints statements by which an administrator creates the same tables',
    run: async (bench) => {
      await dropTables(bench);
      const statements = bench.store
        .migrationText()
        .split(/;\n/)
        .map((text) => text.replaceAll(/^--.*$/gm, '').trim())
        .filter((text) => text !== '' && text !== 'BEGIN' && text !== 'COMMIT');
      for (const text of statements) await bench.database.query(text);
      await bench.store.checkVersion(bench.database);
      const { from, to } = await bench.store.migrate(bench.database);
      assert.equal(from, to);
      assert.ok(!bench.store.migrationText(to).includes('event_key'), 'nothing is left to be done');
      const topic = bench.topic();
      await bench.commit(bench.entry(topic, 'key'));
      assert.deepEqual(await bench.pendingKeys(topic), ['key']);
    },
  },
]);

async function dropTables({ database, harness: { table } }: StoreBench): Promise<void> {
  for (const suffix of ['', '_schemas', '_parked', '_published', '_relay', '_lanes', '_migrations'])
    await database.query(`DROP TABLE IF EXISTS ${table}${suffix}`);
}
