import assert from 'node:assert/strict';
import { laneOf, type OutboxEntry } from '@openedx-ts/events-outbox';
import type { SqlExecutor } from '@openedx-ts/events-sql';
import type { StoreBench } from '../store-bench.js';
import { storeSuite } from '../store-test.js';

/** An entry is stored as it is, and if and only if its transaction commits. */
export const appending = storeSuite('append', [
  {
    name: 'has the entries of a transaction that committed, and none of one that rolled back',
    run: async (bench) => {
      const topic = bench.topic();
      await bench.commit(bench.entry(topic, 'committed'));
      const rolledBack = bench.database.transaction(async (_, executor) => {
        await bench.store.append(executor, [bench.entry(topic, 'rolled back')]);
        throw new Error('on purpose');
      });
      await assert.rejects(rolledBack, /on purpose/);
      assert.deepEqual(await bench.pendingKeys(topic), ['committed']);
    },
  },
  {
    name: 'drops the entries of a savepoint that was rolled back, and keeps the others',
    run: async (bench) => {
      const topic = bench.topic();
      await bench.database.transaction(async (_, executor) => {
        await bench.store.append(executor, [bench.entry(topic, 'before')]);
        await executor.query('SAVEPOINT a');
        await bench.store.append(executor, [bench.entry(topic, 'dropped')]);
        await executor.query('ROLLBACK TO SAVEPOINT a');
        await bench.store.append(executor, [bench.entry(topic, 'after')]);
      });
      assert.deepEqual(await bench.pendingKeys(topic), ['before', 'after']);
    },
  },
  {
    name: 'stores every field as it is',
    run: async (bench) => {
      const topic = bench.topic();
      const entries = [
        bench.entry(topic, 'plain'),
        bench.entry(topic, 'kéy 😀 \\ "quoted", {braces} \'\n?$1%s', {
          metadata: JSON.stringify({ text: 'naïve 😀 \u0000 \\' }),
          record: Uint8Array.from({ length: 100_000 }, (_, index) => index % 256),
          keyBytes: Uint8Array.of(0, 0x5c, 0x27, 255),
        }),
        bench.entry(topic, 'NULL', { keyBytes: new Uint8Array(), record: new Uint8Array() }),
        bench.entry(topic, ''),
        bench.entry(topic, `long ${'k'.repeat(70_000)}`),
      ];
      for (const entry of entries) await bench.commit(entry);
      await bench.commit(...entries);
      const read = await bench.pending(topic);
      assert.equal(read.length, 2 * entries.length);
      for (const [index, { position, lane, ...stored }] of read.entries()) {
        const entry = entries[index % entries.length];
        const { record, keyBytes } = stored;
        assert.deepEqual(
          { ...stored, record: new Uint8Array(record), keyBytes: new Uint8Array(keyBytes) },
          {
            ...entry,
            record: new Uint8Array(entry?.record ?? []),
            keyBytes: new Uint8Array(entry?.keyBytes ?? []),
          },
        );
        assert.equal(typeof position, 'bigint');
        assert.equal(lane, laneOf(topic, entry?.key ?? ''));
      }
    },
  },
  {
    name: 'gives entries of one transaction positions in their order, of all topics',
    run: async (bench) => {
      const [topic, other] = [bench.topic(), bench.topic()];
      const entries = Array.from({ length: 2_500 }, (_, index) =>
        bench.entry(index % 10 === 9 ? other : topic, `key ${index}`),
      );
      await bench.commit(...entries);
      const read = [...(await bench.pending(topic)), ...(await bench.pending(other))];
      read.sort((one, two) => (one.position < two.position ? -1 : 1));
      assert.deepEqual(
        read.map(({ key }) => key),
        entries.map(({ key }) => key),
      );
    },
  },
  {
    name: 'commits 50,000 entries with as many keys in one transaction',
    run: async (bench) => {
      const topic = bench.topic();
      const record = Uint8Array.of(1);
      await bench.commit(
        ...Array.from({ length: 50_000 }, (_, index) => bench.entry(topic, `key ${index}`, { record })),
      );
      const { topics } = await bench.store.status(bench.database, { countUpTo: 100_000 });
      assert.equal(topics.find((found) => found.topic === topic)?.pending, 50_000);
      await bench.database.query(`DELETE FROM ${bench.harness.table} WHERE topic = '${topic}'`);
    },
  },
  {
    name: 'commits 10 entries of 1 MB in one transaction',
    run: async (bench) => {
      const topic = bench.topic();
      const record = new Uint8Array(1_000_000).fill(7);
      await bench.commit(
        ...Array.from({ length: 10 }, (_, index) => bench.entry(topic, `${index}`, { record })),
      );
      const page = await bench.pending(topic, { maxBytes: 3_500_000 });
      assert.deepEqual(
        page.map(({ key }) => key),
        ['0', '1', '2'],
      );
      await bench.database.query(`DELETE FROM ${bench.harness.table} WHERE topic = '${topic}'`);
    },
  },
  {
    name: 'appends up to 1,000 entries in one statement on PostgreSQL, in two on MySQL, and none in none',
    run: async (bench) => {
      const most = bench.store.dialect === 'postgres' ? 1 : 2;
      for (const [count, statements] of [
        [0, 0],
        [1, most],
        [1_000, most],
      ] as const) {
        const topic = bench.topic();
        const entries = Array.from({ length: count }, (_, index) => bench.entry(topic, `key ${index}`));
        assert.ok((await statementsFor(bench, entries)) <= statements);
      }
    },
  },
]);

async function statementsFor(bench: StoreBench, entries: readonly OutboxEntry[]): Promise<number> {
  let statements = 0;
  await bench.database.transaction(async (_, executor) => {
    const counting: SqlExecutor = {
      ...executor,
      query: (text, values) => {
        statements += 1;
        return executor.query(text, values);
      },
    };
    await bench.store.append(counting, entries);
  });
  return statements;
}
