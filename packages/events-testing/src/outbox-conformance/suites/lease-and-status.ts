import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import type { RelayIdentity } from '@openedx-ts/events-outbox';
import type { StoreBench } from '../store-bench.js';
import { storeSuite } from '../store-test.js';

/** One relay at a time, by a row; and what operators see. */
export const leaseAndStatus = storeSuite('lease and status', [
  {
    name: 'gives the lease to one relay, and to another only if nothing has changed since it looked',
    run: async (bench) => {
      const { store, database } = bench;
      await freeLease(bench);
      assert.equal(await store.readLease(database), undefined);
      const [one, other] = [relay('one'), relay('other')];
      const taken = await store.takeLease(database, undefined, one);
      assert.ok(taken);
      assert.equal(await store.takeLease(database, undefined, other), undefined);
      const seen = await store.readLease(database);
      assert.deepEqual(seen, { ...taken, ...one });
      const renewed = await store.renewLease(database, taken);
      assert.ok(renewed && renewed.beat > taken.beat && renewed.term === taken.term);
      assert.equal(
        await store.takeLease(database, seen, other),
        undefined,
        'the holder has renewed it since',
      );
      const overtaken = await store.takeLease(database, await store.readLease(database), other);
      assert.ok(overtaken && overtaken.term > renewed.term && overtaken.holder === other.holder);
      assert.equal(await store.renewLease(database, renewed), undefined);
      await store.releaseLease(database, renewed);
      assert.equal((await store.readLease(database))?.holder, other.holder);
      await store.releaseLease(database, overtaken);
      assert.equal(await store.readLease(database), undefined);
      assert.equal(await store.renewLease(database, overtaken), undefined);
      const again = await store.takeLease(database, undefined, one);
      assert.ok(again && again.term > overtaken.term, 'the term grows, also when the lease was free');
    },
  },
  {
    name: 'renews a lease although the answer to the last renewal was lost',
    run: async (bench) => {
      await freeLease(bench);
      const taken = await bench.store.takeLease(bench.database, undefined, relay('one'));
      assert.ok(taken);
      assert.ok(await bench.store.renewLease(bench.database, taken));
      assert.ok(await bench.store.renewLease(bench.database, taken));
    },
  },
  {
    name: 'gives the lease to one of many relays that ask at once, also when its row is gone',
    run: async (bench) => {
      await bench.database.query(`DELETE FROM ${bench.harness.table}_relay`);
      const asked = Array.from({ length: 8 }, (_, index) =>
        bench.store.takeLease(bench.database, undefined, relay(`${index}`)),
      );
      const taken = (await Promise.all(asked)).filter((lease) => lease !== undefined);
      assert.equal(taken.length, 1);
    },
  },
  {
    name: 'stores a schema once, and returns those that are stored',
    run: async (bench) => {
      const schemas = ['"string"', `{"doc": "${'😀 '.repeat(20_000)}"}`, `"${randomUUID()}"`].map((text) => ({
        text,
        fingerprint: createHash('sha256').update(text).digest('hex'),
      }));
      const [, long, fresh] = schemas;
      const store = () => bench.store.storeSchemas(bench.database, schemas);
      await Promise.all([store(), store(), store()]);
      await store();
      const read = await bench.store.readSchemas(bench.database, [
        ...schemas.map(({ fingerprint }) => fingerprint),
        'not stored',
      ]);
      assert.equal(read.size, 3);
      assert.deepEqual(read.get(long?.fingerprint ?? ''), long);
      assert.deepEqual(read.get(fresh?.fingerprint ?? ''), fresh);
      assert.equal((await bench.store.readSchemas(bench.database, [])).size, 0);
    },
  },
  {
    name: 'counts what is pending and parked by topic, up to a number, with the age of the first entry',
    run: async (bench) => {
      const [topic, other] = [bench.topic(), bench.topic()];
      await bench.commit(
        ...['a', 'b', 'c', 'd'].map((key) => bench.entry(topic, key)),
        bench.entry(other, 'a'),
      );
      const parked = await bench.onlyPending(other);
      await bench.database.transaction((_, executor) =>
        bench.store.park(executor, other, [{ ...parked, code: 'X', reason: 'why', attempts: 1 }]),
      );
      await freeLease(bench);
      const lease = await bench.store.takeLease(bench.database, undefined, relay('one'));
      const status = await bench.store.status(bench.database, { countUpTo: 3 });
      const [found, foundOther] = [topic, other].map((name) =>
        status.topics.find((one) => one.topic === name),
      );
      assert.ok(found?.oldestAgeMs !== undefined && found.oldestAgeMs < 60_000);
      assert.deepEqual({ ...found, oldestAgeMs: 0 }, { topic, pending: 3, oldestAgeMs: 0, parked: 0 });
      assert.deepEqual(foundOther, { topic: other, pending: 0, oldestAgeMs: undefined, parked: 1 });
      const { renewedMsAgo, ...holder } = status.lease ?? assert.fail('there is a lease');
      assert.deepEqual(holder, lease);
      assert.ok(renewedMsAgo < 60_000);
      assert.ok(status.published <= 3);
      await freeLease(bench);
      assert.equal((await bench.store.status(bench.database, { countUpTo: 3 })).lease, undefined);
    },
  },
  {
    name: 'counts no entries at positions where its caller knows of none',
    run: async (bench) => {
      const [topic, other] = [bench.topic(), bench.topic()];
      await bench.commit(...['a', 'b', 'c'].map((key) => bench.entry(topic, key)), bench.entry(other, 'a'));
      const [, second, third] = await bench.pending(topic);
      const countAfter = async (position: bigint) => {
        const after = new Map([[topic, position]]);
        const { topics } = await bench.store.status(bench.database, { countUpTo: 10, after });
        return [topic, other].map((name) => topics.find((one) => one.topic === name)?.pending ?? 0);
      };
      assert.deepEqual(await countAfter(second?.position ?? 0n), [1, 1]);
      assert.deepEqual(await countAfter(third?.position ?? 0n), [0, 1]);
    },
  },
]);

function relay(name: string): RelayIdentity {
  return { holder: `${name}-${randomUUID()}`, host: 'test' };
}

async function freeLease({ store, database }: StoreBench): Promise<void> {
  const held = await store.readLease(database);
  if (held !== undefined) await store.releaseLease(database, held);
}
