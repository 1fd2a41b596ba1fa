import assert from 'node:assert/strict';
import { laneOf } from '@openedx-ts/events-outbox';
import { storeSuite } from '../store-test.js';

/** A relay reads what is pending, in pages, and nothing that it reads is lost when it dies. */
export const reading = storeSuite('read', [
  {
    name: 'keeps entries pending until they are removed, however often they are read',
    run: async (bench) => {
      const topic = bench.topic();
      await bench.commit(bench.entry(topic, 'a'), bench.entry(topic, 'b'));
      assert.deepEqual(await bench.pendingKeys(topic), ['a', 'b']);
      assert.deepEqual(await bench.pendingKeys(topic), ['a', 'b']);
    },
  },
  {
    name: 'returns the same first entries to two relays that read at once',
    needs: 'connect',
    run: async (bench) => {
      const topic = bench.topic();
      await bench.commit(bench.entry(topic, 'key', { eventType: 'first' }));
      await bench.commit(bench.entry(topic, 'key', { eventType: 'second' }));
      for (const { executor } of [await bench.begin(), await bench.begin()]) {
        const [entry] = await bench.within(
          'a read while another relay reads',
          bench.store.readPending(executor, bench.page(topic, { maxRows: 1 })),
        );
        assert.equal(entry?.eventType, 'first');
      }
    },
  },
  {
    name: 'reads pages by position, without those before a position and those in flight',
    run: async (bench) => {
      const topic = bench.topic();
      await bench.commit(...['a', 'b', 'c', 'd', 'e'].map((key) => bench.entry(topic, key)));
      const [a, b, c, d] = (await bench.pending(topic)).map(({ position }) => position) as [
        bigint,
        bigint,
        bigint,
        bigint,
      ];
      assert.deepEqual(await bench.pendingKeys(topic, { maxRows: 2 }), ['a', 'b']);
      assert.deepEqual(await bench.pendingKeys(topic, { after: b, maxRows: 2 }), ['c', 'd']);
      assert.deepEqual(await bench.pendingKeys(topic, { after: a, except: [b, d], maxRows: 3 }), ['c', 'e']);
      assert.deepEqual(await bench.pendingKeys(topic, { after: c, except: [c] }), ['d', 'e']);
      assert.deepEqual(await bench.pendingKeys(bench.topic()), []);
    },
  },
  {
    name: 'reads at most so many bytes, and one entry that has more',
    run: async (bench) => {
      const topic = bench.topic();
      const sizes = [300_000, 5_000, 5_000, 5_000, 300_000];
      await bench.commit(
        ...sizes.map((size, index) => bench.entry(topic, `${index}`, { record: new Uint8Array(size) })),
      );
      const read = await bench.pending(topic);
      const page = (after: number) =>
        bench.pendingKeys(topic, { after: read[after]?.position ?? 0n, maxBytes: 11_000 });
      assert.deepEqual(await page(-1), ['0']);
      assert.deepEqual(await page(0), ['1', '2']);
      assert.deepEqual(await page(3), ['4']);
    },
  },
  {
    name: 'leaves out the keys of parked entries on demand, and no others',
    run: async (bench) => {
      const topic = bench.topic();
      await bench.commit(...['a', 'b', 'a', 'c'].map((key) => bench.entry(topic, key)));
      const [first] = await bench.pending(topic);
      assert.ok(first);
      await bench.database.transaction((_, executor) =>
        bench.store.park(executor, topic, [{ ...first, code: 'X', reason: 'why', attempts: 1 }]),
      );
      assert.deepEqual(await bench.pendingKeys(topic, { holdParkedKeys: true, maxRows: 2 }), ['b', 'c']);
      assert.deepEqual(await bench.pendingKeys(topic), ['b', 'a', 'c']);
    },
  },
  {
    name: 'returns rows that somebody has changed by hand as they are',
    run: async (bench) => {
      const topic = bench.topic();
      await bench.commit(bench.entry(topic, 'a'), bench.entry(topic, 'b'));
      const { table } = bench.harness;
      await bench.database.query(
        `UPDATE ${table} SET metadata = 'no {json', record_schema = '', event_type = '?' WHERE topic = '${topic}' AND event_key = 'a'`,
      );
      const odd = `${topic}/ odd topic`;
      await bench.database.query(
        `UPDATE ${table} SET topic = '${odd}' WHERE topic = '${topic}' AND event_key = 'b'`,
      );
      const changed = await bench.onlyPending(topic);
      assert.deepEqual(
        [changed.metadata, changed.recordSchema, changed.eventType, changed.key],
        ['no {json', '', '?', 'a'],
      );
      assert.equal((await bench.onlyPending(odd)).topic, odd);
    },
  },
  {
    name: 'finds topics: of known ones those with entries behind a position, of others at least one',
    run: async (bench) => {
      const [first, second, third] = [bench.topic(), bench.topic(), bench.topic()];
      await bench.commit(...[first, second, third].map((topic) => bench.entry(topic, 'key')));
      const last = (await bench.onlyPending(second)).position;
      const found = async (after: ReadonlyMap<string, bigint>) => {
        const topics = await bench.store.topics(bench.database, after);
        return [first, second, third].filter((topic) => topics.includes(topic));
      };
      const known = new Map<string, bigint>();
      for (let topics: readonly string[] = ['']; topics.length > 0; ) {
        topics = (await bench.store.topics(bench.database, known)).filter((topic) => !known.has(topic));
        for (const topic of topics) known.set(topic, 0n);
      }
      assert.deepEqual(await found(known), [first, second, third]);
      assert.deepEqual(await found(new Map([...known, [second, last]])), [first, third]);
      known.delete(second);
      assert.deepEqual(await found(known), [first, second, third]);
    },
  },
  {
    name: 'knows the lanes that open transactions hold, until they have ended',
    needs: 'connect',
    run: async (bench) => {
      const topic = bench.topic();
      const [held, free] = [laneOf(topic, 'held'), laneOf(topic, 'free')];
      const [one, other] = [await bench.begin(), await bench.begin()];
      await bench.append(one, bench.entry(topic, 'held'));
      await bench.append(other, bench.entry(topic, 'rolled back'));
      const lanes = await bench.store.heldLanes(bench.database);
      assert.deepEqual(
        [held, laneOf(topic, 'rolled back'), free].map((lane) => lanes.has(lane)),
        [true, true, false],
      );
      await bench.commitOf(one);
      await other.executor.query('ROLLBACK');
      const later = await bench.store.heldLanes(bench.database);
      assert.deepEqual(
        [held, laneOf(topic, 'rolled back')].map((lane) => later.has(lane)),
        [false, false],
      );
    },
  },
]);
