import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { StoreBench } from '../store-bench.js';
import { storeSuite } from '../store-test.js';

/** What the broker has accepted is removed by position and event id, or kept for a while. */
export const removing = storeSuite('remove', [
  {
    name: 'removes the entries that were accepted, and no others',
    run: async (bench) => {
      const [topic, other] = [bench.topic(), bench.topic()];
      await bench.commit(...['a', 'b', 'c'].map((key) => bench.entry(topic, key)), bench.entry(other, 'a'));
      const [a, b, c] = await bench.pending(topic);
      assert.ok(a && b && c);
      const published = [
        { ...a, busPosition: '0:0' },
        { ...b, eventId: randomUUID(), busPosition: '0:1' },
        { ...c, position: c.position + 1_000_000n, busPosition: '0:2' },
      ];
      for (const keep of [false, true]) await remove(bench, topic, published, keep);
      assert.deepEqual(await bench.pendingKeys(topic), ['b', 'c']);
      assert.deepEqual(await bench.pendingKeys(other), ['a']);
      await remove(bench, topic, [], true);
    },
  },
  {
    name: 'keeps published entries with their place on the bus, once, until they are old',
    run: async (bench) => {
      const topic = bench.topic();
      await bench.commit(...['a', 'b', 'c'].map((key) => bench.entry(topic, key)));
      const read = await bench.pending(topic);
      const published = read.map((entry, index) => ({ ...entry, busPosition: `0:${index}` }));
      await remove(bench, topic, published, true);
      await remove(bench, topic, published, true);
      assert.deepEqual(await bench.pendingKeys(topic), []);
      const kept = async () => {
        const text = `SELECT event_key, bus_position FROM ${bench.harness.table}_published WHERE topic = '${topic}' ORDER BY position`;
        const { rows } = await bench.database.query(text);
        return rows.map((row) => `${row.event_key} ${row.bus_position}`);
      };
      assert.deepEqual(await kept(), ['a 0:0', 'b 0:1', 'c 0:2']);
      const purge = (olderThanMs: number, maxRows: number) =>
        bench.store.purgePublished(bench.database, { olderThanMs, maxRows });
      const count = (olderThanMs: number) => bench.store.countPublished(bench.database, { olderThanMs });
      assert.equal(await count(3_600_000), 0);
      assert.ok((await count(-1_000)) >= 3, 'counts what would be purged');
      assert.equal(await purge(3_600_000, 10), 0);
      assert.deepEqual(await kept(), ['a 0:0', 'b 0:1', 'c 0:2']);
      const first = { topic: '', position: 0n, eventId: '00000000-0000-0000-0000-000000000000' };
      const place = { topic, position: read[0]?.position ?? 0n, eventId: read[0]?.eventId ?? '' };
      const page = { olderThanMs: -1_000, maxRows: 2, maxBytes: 1e6 };
      const reads = async (after: typeof first, more: object = {}) => {
        const found = await bench.store.readPublished(bench.database, { ...page, after, ...more });
        return found
          .filter((entry) => entry.topic === topic)
          .map(({ key, record }) => `${key} ${record.length}`);
      };
      const [a, b, c] = read.map(({ key, record }) => `${key} ${record.length}`);
      assert.deepEqual(await reads(first, { maxRows: 1_000 }), [a, b, c]);
      assert.deepEqual(await reads(place), [b, c], 'reads behind a place');
      assert.deepEqual(await reads(place, { maxBytes: 1 }), [b], 'reads at least one');
      assert.deepEqual(await reads(first, { olderThanMs: 3_600_000 }), []);
      const [, second] = read;
      assert.ok(second);
      const discard = (places: typeof read) => bench.store.discardPublished(bench.database, topic, places);
      assert.equal(
        await discard([{ ...second, eventId: randomUUID() }]),
        0,
        'another event at that position',
      );
      assert.equal(await discard([second]), 1);
      assert.deepEqual(await kept(), ['a 0:0', 'c 0:2']);
      assert.equal(await purge(-1_000, 1), 1);
      assert.equal((await kept()).length + (await purge(-1_000, 10)), 2);
    },
  },
]);

function remove(
  bench: StoreBench,
  topic: string,
  published: Parameters<StoreBench['store']['removePublished']>[2],
  keep: boolean,
): Promise<void> {
  return bench.database.transaction((_, executor) =>
    bench.store.removePublished(executor, topic, published, { keep }),
  );
}
