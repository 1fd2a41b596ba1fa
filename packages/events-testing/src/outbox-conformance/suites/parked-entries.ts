import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { systemClock } from '@openedx-ts/events-core/bus';
import type { EntryPlace, PendingEntry } from '@openedx-ts/events-outbox';
import type { StoreBench } from '../store-bench.js';
import { storeSuite } from '../store-test.js';

/** What no broker will accept is moved out of the way, and comes back behind everything of its key. */
export const parkedEntries = storeSuite('parked entries', [
  {
    name: 'moves entries with code, reason and attempts, once',
    run: async (bench) => {
      const topic = bench.topic();
      await bench.commit(...['a', 'b', 'c'].map((key) => bench.entry(topic, key)));
      const [a, b] = await bench.pending(topic);
      assert.ok(a && b);
      await park(bench, topic, a);
      await park(bench, topic, a, { ...b, eventId: randomUUID() });
      assert.deepEqual(await bench.pendingKeys(topic), ['b', 'c']);
      const [parked, ...others] = await parkedOf(bench, topic);
      assert.deepEqual(others, []);
      const { code, reason, attempts, appendedAt, parkedAt, ...entry } =
        parked ?? assert.fail('nothing is parked');
      assert.deepEqual({ code, reason, attempts }, { code: 'EVENTS_X', reason: 'zu groß', attempts: 3 });
      for (const time of [appendedAt, parkedAt])
        assert.ok(Math.abs(systemClock.now() - time.getTime()) < 60_000, 'both are times of now');
      assert.deepEqual(
        { ...entry, record: [...entry.record], keyBytes: [...entry.keyBytes] },
        { ...a, record: [...a.record], keyBytes: [...a.keyBytes] },
      );
    },
  },
  {
    name: 'reads parked entries in pages of rows and bytes',
    run: async (bench) => {
      const topic = bench.topic();
      const record = new Uint8Array(5_000);
      await bench.commit(...['a', 'b', 'c', 'd'].map((key) => bench.entry(topic, key, { record })));
      await park(bench, topic, ...(await bench.pending(topic)));
      const keys = async (page: object) => (await parkedOf(bench, topic, page)).map(({ key }) => key);
      const [a] = await parkedOf(bench, topic, { maxRows: 1 });
      assert.equal(a?.key, 'a');
      assert.deepEqual(await keys({ after: a?.position, maxRows: 2 }), ['b', 'c']);
      assert.deepEqual(await keys({ after: a?.position, maxBytes: 11_000 }), ['b', 'c']);
      assert.deepEqual(await keys({ maxBytes: 1 }), ['a']);
    },
  },
  {
    name: 'appends a redriven entry anew, behind what its key has now, and reports what that is',
    run: async (bench) => {
      const topic = bench.topic();
      await bench.commit(
        ...['bad', 'bad', 'bad', 'bad', 'good'].map((key, index) =>
          bench.entry(topic, key, { eventType: `${index}` }),
        ),
      );
      const [first, second, third, fourth, good] = await bench.pending(topic);
      assert.ok(first && second && third && fourth && good);
      await park(bench, topic, first, second);
      await bench.database.transaction((_, executor) =>
        bench.store.removePublished(executor, topic, [{ ...third, busPosition: '0:0' }], { keep: true }),
      );
      const [redriven, ...others] = await redrive(bench, topic, [second, good]);
      assert.deepEqual(others, []);
      const { position, ...report } = redriven ?? assert.fail('nothing was redriven');
      assert.ok(position > good.position);
      assert.deepEqual(report, {
        topic,
        eventType: '1',
        eventId: second.eventId,
        key: 'bad',
        parkedPosition: second.position,
        pendingAhead: 1,
        publishedAhead: 1,
        parkedBefore: 1,
      });
      const pending = await bench.pending(topic);
      assert.deepEqual(
        pending.map(({ eventType }) => eventType),
        ['3', '4', '1'],
      );
      assert.deepEqual([...(pending[2]?.record ?? [])], [...second.record]);
      assert.deepEqual(await redrive(bench, topic, [second]), []);
      assert.deepEqual(
        (await parkedOf(bench, topic)).map(({ eventType }) => eventType),
        ['0'],
      );
    },
  },
  {
    name: 'keeps the order of entries that are redriven together',
    run: async (bench) => {
      const topic = bench.topic();
      await bench.commit(
        ...['a', 'b', 'a', 'b'].map((key, index) => bench.entry(topic, key, { eventType: `${index}` })),
      );
      const read = await bench.pending(topic);
      await park(bench, topic, ...read);
      const redriven = await redrive(bench, topic, [...read].reverse());
      assert.deepEqual(
        redriven.map(({ pendingAhead }) => pendingAhead),
        [0, 0, 1, 1],
      );
      assert.deepEqual(
        (await bench.pending(topic)).map(({ eventType }) => eventType),
        ['0', '1', '2', '3'],
      );
      assert.deepEqual(await redrive(bench, topic, []), []);
    },
  },
  {
    name: 'redrives under the lock of the lane',
    needs: 'connect',
    run: async (bench) => {
      const topic = bench.topic();
      await bench.commit(bench.entry(topic, 'key', { eventType: 'parked' }));
      const entry = await bench.onlyPending(topic);
      await park(bench, topic, entry);
      const [writer, operator] = [await bench.begin(), await bench.begin()];
      await bench.append(writer, bench.entry(topic, 'key', { eventType: 'new' }));
      const redriven = bench.store.redrive(operator.executor, topic, [entry]);
      redriven.catch(() => {});
      assert.equal(await bench.hasEnded(operator, redriven), false);
      await bench.commitOf(writer);
      assert.equal((await bench.within('the redrive', redriven))[0]?.pendingAhead, 1);
      await bench.commitOf(operator);
      assert.deepEqual(
        (await bench.pending(topic)).map(({ eventType }) => eventType),
        ['new', 'parked'],
      );
    },
  },
  {
    name: 'discards parked entries, and no others',
    run: async (bench) => {
      const topic = bench.topic();
      await bench.commit(...['a', 'b', 'c'].map((key) => bench.entry(topic, key)));
      const [a, b, c] = await bench.pending(topic);
      assert.ok(a && b && c);
      await park(bench, topic, a, b);
      const discard = (...entries: EntryPlace[]) => bench.store.discard(bench.database, topic, entries);
      assert.equal(await discard(a, c), 1);
      assert.equal(await discard(), 0);
      assert.deepEqual(
        (await parkedOf(bench, topic)).map(({ key }) => key),
        ['b'],
      );
      assert.deepEqual(await bench.pendingKeys(topic), ['c']);
    },
  },
  {
    name: 'knows parked entries that share a position by their event ids',
    run: async (bench) => {
      const topic = bench.topic();
      const [a, b, c] = await parkAtOnePosition(bench, topic, ['a', 'b', 'c']);
      assert.ok(a && b && c);
      const ids: string[] = [];
      for (let last: EntryPlace | undefined; ; ) {
        const start = { after: last?.position ?? 0n, afterEventId: last?.eventId, maxRows: 1 };
        [last] = await parkedOf(bench, topic, start);
        if (last === undefined) break;
        ids.push(last.eventId);
      }
      assert.deepEqual(ids, [a, b, c].map(({ eventId }) => eventId).sort());
      assert.equal(await bench.store.discard(bench.database, topic, [a]), 1);
      const redriven = await redrive(bench, topic, [b]);
      assert.deepEqual(
        redriven.map(({ key }) => key),
        ['b'],
      );
      assert.deepEqual(
        (await parkedOf(bench, topic)).map(({ key }) => key),
        ['c'],
      );
    },
  },
  {
    name: 'restores an entry at its own position, unless another entry has it',
    run: async (bench) => {
      const topic = bench.topic();
      const entries = await parkAtOnePosition(bench, topic, ['a', 'b']);
      const restore = () =>
        bench.database.transaction((_, executor) => bench.store.restore(executor, topic, entries));
      const [restored, ...others] = await restore();
      assert.deepEqual(others, []);
      const { eventId, position } = await bench.onlyPending(topic);
      assert.deepEqual(restored, { eventId, position });
      assert.equal(position, entries[0]?.position);
      const [stayed, ...more] = await parkedOf(bench, topic);
      assert.deepEqual(more, []);
      assert.notEqual(stayed?.eventId, eventId);
      assert.deepEqual(await restore(), []);
    },
  },
]);

/** Parks entries as they are after a failover to a server that has not seen the last positions. */
async function parkAtOnePosition(
  bench: StoreBench,
  topic: string,
  keys: readonly string[],
): Promise<readonly PendingEntry[]> {
  await bench.commit(...keys.map((key) => bench.entry(topic, key)));
  const entries = await bench.pending(topic);
  await park(bench, topic, ...entries);
  const position = entries[0]?.position ?? assert.fail('nothing is pending');
  await bench.database.query(
    `UPDATE ${bench.harness.table}_parked SET position = ${position} WHERE topic = '${topic}'`,
  );
  return entries.map((entry) => ({ ...entry, position }));
}

function park(bench: StoreBench, topic: string, ...entries: readonly PendingEntry[]): Promise<void> {
  const failed = entries.map((entry) => ({ ...entry, code: 'EVENTS_X', reason: 'zu groß', attempts: 3 }));
  return bench.database.transaction((_, executor) => bench.store.park(executor, topic, failed));
}

function parkedOf(bench: StoreBench, topic: string, page: object = {}) {
  return bench.store.readParked(bench.database, bench.page(topic, page));
}

function redrive(bench: StoreBench, topic: string, entries: readonly EntryPlace[]) {
  return bench.database.transaction((_, executor) => bench.store.redrive(executor, topic, entries));
}
