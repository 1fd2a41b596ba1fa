import { MemoryBroker, memoryEventBus } from '@openedx-ts/event-bus-memory';
import { InvalidDataError, type RouteMode, route, startEventBus } from '@openedx-ts/events-core';
import { describe, expect, it, vi } from 'vitest';
import { sqlOutbox } from '../sql-outbox.js';
import { type LibraryUnderTest, ServiceUnderTest } from './service-under-test.test-support.js';

/** Tests an outbox with transactions that the caller has started, and with on-commit routes. */
export function describeOwnTransactions<Transaction>(
  title: string,
  library: () => LibraryUnderTest<Transaction>,
): void {
  describe(title, () => {
    const service = new ServiceUnderTest(library);

    describe('within', () => {
      it('stores the events in a transaction that its caller has started', async () => {
        const outbox = await service.start();
        const result = await service.library.startItself(async (transaction) => {
          await service.change(transaction, 1);
          return outbox.within(service.library.executorOf(transaction), async () => {
            await service.send(1);
            return 'enrolled';
          });
        });
        expect(result).toBe('enrolled');
        expect(await service.committed()).toEqual({ changes: [1], events: [1] });
      });

      it('refuses an executor of the database itself, which is no transaction', async () => {
        const outbox = await service.start();
        const { poolExecutor } = service.library;
        const refusal = /the executor is of a pool: pass that of the transaction/;
        await expect(outbox.within(poolExecutor, () => service.send(1))).rejects.toThrow(refusal);
        const target = { topic: 'enrollments', eventKeyField: 'enrollment.user' } as const;
        const event = { signal: service.signal, ...target, data: { enrollment: { id: 1, user: 'ann' } } };
        await expect(outbox.append(poolExecutor, [event])).rejects.toThrow(refusal);
        expect((await service.committed()).events).toEqual([]);
      });

      it('leaves nothing when that transaction rolls back, although its own work has resolved', async () => {
        const outbox = await service.start();
        const failing = service.library.startItself(async (transaction) => {
          await service.change(transaction, 1);
          await outbox.within(service.library.executorOf(transaction), () => service.send(1));
          throw new Error('full');
        });
        await expect(failing).rejects.toThrow('full');
        expect(await service.committed()).toEqual({ changes: [], events: [] });
      });

      it('merges with the scope around it on the same transaction, or drops its events when it rejects', async () => {
        const append = vi.fn(service.store.append);
        const outbox = await service.start({ store: { ...service.store, append } });
        await outbox.transaction(async (transaction) => {
          const inner = (work: () => Promise<unknown>) =>
            outbox.within(service.library.executorOf(transaction), work);
          await service.send(1);
          await inner(() => service.send(2));
          await inner(async () => {
            await service.send(3);
            throw new Error('only this');
          }).catch(() => {});
          await service.send(4);
        });
        expect(append).toHaveBeenCalledOnce();
        expect((await service.committed()).events).toEqual([1, 2, 4]);
      });

      it('has room for a transaction of the outbox, as a savepoint', async () => {
        const outbox = await service.start();
        await service.library.startItself((started) =>
          outbox.within(service.library.executorOf(started), async () => {
            await outbox.transaction(async (transaction) => {
              await service.change(transaction, 1);
              await service.send(1);
            });
          }),
        );
        expect(await service.committed()).toEqual({ changes: [1], events: [1] });
      });
    });

    describe('append', () => {
      it('stores events without routes and receivers', async () => {
        const outbox = await service.start();
        const received = vi.fn();
        service.signal.connect(received);
        const event = (id: number) => ({
          signal: service.signal,
          topic: 'audit',
          eventKeyField: 'enrollment.user' as const,
          data: { enrollment: { id, user: 'ann' } },
        });
        await service.library.startItself((transaction) =>
          outbox.append(service.library.executorOf(transaction), [event(1), event(2)]),
        );
        expect((await service.committed()).events).toEqual([1, 2]);
        expect(received).not.toHaveBeenCalled();
        const { rows } = await service.database.query('SELECT topic FROM event_outbox');
        expect(rows.map(({ topic }) => topic)).toEqual(['audit', 'audit']);
        await service.library.startItself((transaction) =>
          outbox.append(service.library.executorOf(transaction), []),
        );
      });

      it('stores none of its events when one is wrong', async () => {
        const outbox = await service.start();
        const event = { signal: service.signal, topic: 'audit', eventKeyField: 'enrollment.user' as const };
        const wrong = { enrollment: { id: 'one' as never, user: 'ann' } };
        const appending = service.library.startItself((transaction) =>
          outbox.append(service.library.executorOf(transaction), [
            { ...event, data: { enrollment: { id: 1, user: 'ann' } } },
            { ...event, data: wrong },
          ]),
        );
        await expect(appending).rejects.toThrow(InvalidDataError);
        expect((await service.committed()).events).toEqual([]);
      });
    });

    describe('an event of an on-commit route', () => {
      it('is published after the commit of a transaction of the outbox, and not when it rolls back', async () => {
        const outbox = sqlOutbox(service.database, { relay: false });
        const broker = new MemoryBroker();
        const to = (topic: string, mode: RouteMode) =>
          route(service.signal, { topic, eventKeyField: 'enrollment.user', mode });
        const bus = memoryEventBus(broker);
        const routes = [to('enrollments', 'outbox'), to('mails', 'on-commit')];
        const started = await startEventBus({ bus, routes, outbox });
        service.closeLater(started);
        const seen: number[] = [];
        const enroll = (id: number) =>
          outbox.transaction(async () => {
            await service.send(id);
            await started.producer?.flush();
            seen.push(broker.messages('mails').length);
            if (id === 2) throw new Error('full');
          });
        await enroll(1);
        await expect(enroll(2)).rejects.toThrow('full');
        await enroll(3);
        await started.producer?.flush();
        expect(seen).toEqual([0, 1, 1]);
        expect(broker.messages('mails')).toHaveLength(2);
        expect((await service.committed()).events).toEqual([1, 3]);
      });
    });
  });
}
