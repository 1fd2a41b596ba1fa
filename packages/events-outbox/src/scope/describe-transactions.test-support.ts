import { IllegalStateError } from '@openedx-ts/events-core';
import { deferred } from '@openedx-ts/events-core/bus';
import { describe, expect, it, vi } from 'vitest';
import { type LibraryUnderTest, ServiceUnderTest } from './service-under-test.test-support.js';

/** Tests `transaction` of an outbox, also inside one another. */
export function describeTransactions<Transaction>(
  title: string,
  library: () => LibraryUnderTest<Transaction>,
): void {
  describe(title, () => {
    const service = new ServiceUnderTest(library);

    describe('transaction', () => {
      it('commits the events with the change, in the order of the sends, and returns what the work returns', async () => {
        const outbox = await service.start();
        const result = await outbox.transaction(async (transaction) => {
          await service.change(transaction, 1);
          await service.send(1);
          await service.send(2, 'bob');
          await service.send(3);
          return 'enrolled';
        });
        expect(result).toBe('enrolled');
        expect(await service.committed()).toEqual({ changes: [1], events: [1, 2, 3] });
        const { rows } = await service.database.query(
          'SELECT topic, event_type, event_key, metadata FROM event_outbox ORDER BY position',
        );
        expect(rows.map(({ topic, event_type, event_key }) => [topic, event_type, event_key])).toEqual([
          ['enrollments', service.signal.eventType, 'ann'],
          ['enrollments', service.signal.eventType, 'bob'],
          ['enrollments', service.signal.eventType, 'ann'],
        ]);
        expect(JSON.parse(String(rows[0]?.metadata))).toMatchObject({ event_type: service.signal.eventType });
      });

      it('leaves neither change nor event when the work rejects, and throws its error', async () => {
        const outbox = await service.start();
        const error = new Error('the course is full');
        const failing = outbox.transaction(async (transaction) => {
          await service.change(transaction, 1);
          await service.send(1);
          throw error;
        });
        await expect(failing).rejects.toBe(error);
        expect(await service.committed()).toEqual({ changes: [], events: [] });
      });

      it('stores all events by one call, after everything else, and none for a transaction without events', async () => {
        const append = vi.fn(service.store.append);
        const outbox = await service.start({ store: { ...service.store, append } });
        await outbox.transaction((transaction) => service.change(transaction, 1));
        expect(append).not.toHaveBeenCalled();
        await outbox.transaction(async (transaction) => {
          await Promise.all(
            Array.from({ length: 30 }, (_, index) => service.send(index, `user ${index % 7}`)),
          );
          expect(append).not.toHaveBeenCalled();
          await service.change(transaction, 2);
        });
        expect(append).toHaveBeenCalledOnce();
        expect((await service.committed()).events).toEqual(Array.from({ length: 30 }, (_, index) => index));
      });

      it('keeps transactions that run at once apart', async () => {
        const outbox = await service.start();
        const enroll = (id: number) =>
          outbox.transaction(async (transaction) => {
            await service.change(transaction, id);
            await service.send(id, `user ${id}`);
            if (id % 2 === 0) throw new Error('full');
          });
        await Promise.allSettled([1, 2, 3, 4, 5].map(enroll));
        const { changes, events } = await service.committed();
        expect([changes, [...events].sort()]).toEqual([
          [1, 3, 5],
          [1, 3, 5],
        ]);
      });

      it('commits the events of a receiver that sends others', async () => {
        const outbox = await service.start();
        service.signal.connect(async ({ data }) => {
          if (data.enrollment.id < 3) await service.send(data.enrollment.id + 1);
        });
        await outbox.transaction(() => service.send(1));
        expect((await service.committed()).events).toEqual([1, 2, 3]);
      });
    });

    describe('a transaction inside another one', () => {
      it('is a savepoint: rejected, its changes and events are dropped, and the outer one commits its own', async () => {
        const outbox = await service.start();
        await outbox.transaction(async (transaction) => {
          await service.change(transaction, 1);
          await service.send(1);
          await outbox.transaction(async (same) => {
            expect(same).toBe(transaction);
            await service.change(same, 2);
            await service.send(2);
          });
          const failing = outbox.transaction(async (same) => {
            await service.change(same, 3);
            await service.send(3);
            await outbox.transaction(() => service.send(4));
            throw new Error('only this');
          });
          await expect(failing).rejects.toThrow('only this');
          await service.send(5);
        });
        expect(await service.committed()).toEqual({ changes: [1, 2], events: [1, 2, 5] });
      });

      it('is dropped with the outer one', async () => {
        const outbox = await service.start();
        const failing = outbox.transaction(async () => {
          await outbox.transaction(async (transaction) => {
            await service.change(transaction, 1);
            await service.send(1);
          });
          throw new Error('all of it');
        });
        await expect(failing).rejects.toThrow('all of it');
        expect(await service.committed()).toEqual({ changes: [], events: [] });
      });

      it('survives the failure of another one that was started with it', async () => {
        const outbox = await service.start();
        await outbox.transaction(async () => {
          const inner = [1, 2, 3, 4].map((id) =>
            outbox.transaction(async (transaction) => {
              await service.change(transaction, id);
              await service.send(id);
              if (id % 2 === 0) throw new Error('full');
            }),
          );
          await Promise.allSettled(inner);
        });
        expect(await service.committed()).toEqual({ changes: [1, 3], events: [1, 3] });
      });

      it('drops what a failed statement has spoilt, although its work ignored the error', async () => {
        const outbox = await service.start();
        await outbox.transaction(async (transaction) => {
          await service.change(transaction, 1);
          await service.send(1);
          const inner = outbox.transaction(async (same) => {
            await service.send(2);
            await service.library
              .executorOf(same)
              .query('SELECT * FROM nowhere')
              .catch(() => {});
            if (service.database.dialect === 'mysql')
              throw new Error('MySQL goes on after a failed statement');
          });
          await expect(inner).rejects.toThrow();
        });
        expect(await service.committed()).toEqual({ changes: [1], events: [1] });
      });

      it('fails the outer one that does not await it', async () => {
        const outbox = await service.start();
        const goOn = deferred();
        let inner: Promise<unknown> | undefined;
        const outer = outbox.transaction(async (transaction) => {
          await service.change(transaction, 1);
          inner = outbox.transaction(() => goOn.promise);
          inner.catch(() => {});
        });
        outer.catch(() => {});
        goOn.resolve();
        await expect(outer).rejects.toThrow(IllegalStateError);
        await expect(outer).rejects.toThrow('a transaction inside this one still runs: await it');
        await expect(inner).rejects.toThrow();
        expect(await service.committed()).toEqual({ changes: [], events: [] });
      });
    });
  });
}
