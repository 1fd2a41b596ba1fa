import { PGlite, type Transaction } from '@electric-sql/pglite';
import { MemoryBroker, memoryEventBus } from '@openedx-ts/event-bus-memory';
import { eventBusSettings, route, startEventBus } from '@openedx-ts/events-core';
import { deferred } from '@openedx-ts/events-core/bus';
import { pgliteDatabase, pgliteExecutor } from '@openedx-ts/events-sql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeOwnTransactions } from './scope/describe-own-transactions.test-support.js';
import { describeRefusedEvents } from './scope/describe-refused-events.test-support.js';
import { describeTransactions } from './scope/describe-transactions.test-support.js';
import { type LibraryUnderTest, ServiceUnderTest } from './scope/service-under-test.test-support.js';
import { sqlOutbox } from './sql-outbox.js';

describe('sqlOutbox', () => {
  let pglite: PGlite;
  beforeAll(async () => {
    pglite = await PGlite.create();
  }, 240_000);
  afterAll(() => pglite.close(), 60_000);

  const library = (): LibraryUnderTest<Transaction> => ({
    database: pgliteDatabase(pglite),
    executorOf: pgliteExecutor,
    poolExecutor: pgliteExecutor(pglite),
    startItself: (work) => pglite.transaction(work),
  });
  describeTransactions('on PGlite', library);
  describeOwnTransactions('on PGlite', library);
  describeRefusedEvents('on PGlite', library);

  describe('a service that is configured by its environment', () => {
    const service = new ServiceUnderTest(library);

    it('publishes at once what `within` has stored, when it is nudged after the COMMIT', async () => {
      const outbox = sqlOutbox(service.database, { relay: { pollIntervalMs: 60_000 } });
      const routes = [route(service.signal, { topic: 'enrollments', eventKeyField: 'enrollment.user' })];
      const bus = memoryEventBus(new MemoryBroker());
      const started = await startEventBus({ routes, bus, outbox, producerMode: 'outbox' });
      service.closeLater(started);
      const untilPublished = () =>
        expect.poll(async () => (await service.committed()).events, { timeout: 60_000 }).toEqual([]);
      await outbox.transaction(() => service.send(1));
      await untilPublished(); // the relay has looked, and the next poll is a minute away
      await pglite.transaction(async (transaction) => {
        await outbox.within(pgliteExecutor(transaction), () => service.send(2));
      });
      outbox.nudge();
      await untilPublished();
    });

    it('publishes what its transactions commit, in the order of commits, and nothing else', async () => {
      const { signal, database } = service;
      const broker = new MemoryBroker();
      const outbox = sqlOutbox(database);
      const settings = eventBusSettings({
        EVENT_BUS_PRODUCER_MODE: 'outbox',
        EVENT_BUS_PRODUCER_CONFIG: JSON.stringify({
          [signal.eventType]: { enrollments: { event_key_field: 'enrollment.user', enabled: true } },
        }),
      });
      const bus = await startEventBus({ ...settings, bus: memoryEventBus(broker), outbox });
      service.closeLater(bus);
      const received: number[] = [];
      const all = deferred();
      signal.connect(({ data, fromEventBus }) => {
        if (fromEventBus && received.push(data.enrollment.id) === 3) all.resolve();
      });
      const consumer = await bus.createConsumer({
        topics: ['enrollments'],
        groupId: 'mails',
        startFrom: 'earliest',
      });
      void consumer.run();
      for (const id of [1, 2, 3, 4]) {
        const enrolling = outbox.transaction(async (transaction) => {
          await service.change(transaction, id);
          await service.send(id);
          if (id === 2) throw new Error('full');
        });
        await enrolling.catch(() => {});
      }
      await all.promise;
      expect(received).toEqual([1, 3, 4]);
      expect(bus.health()).toEqual({ live: true, ready: true, reasons: [] });
      await bus.close();
      expect(await service.committed()).toEqual({ changes: [1, 3, 4], events: [] });
    });
  });
});
