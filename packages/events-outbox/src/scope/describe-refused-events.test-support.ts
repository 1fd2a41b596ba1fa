import { avroCodec } from '@openedx-ts/events-avro';
import {
  IllegalStateError,
  InvalidDataError,
  type NoTransactionError,
  route,
  startEventBus,
  TransactionEndedError,
} from '@openedx-ts/events-core';
import {
  type BoundCodec,
  deferred,
  EncodingFailedError,
  type EventCodec,
  ReceiverFailedError,
} from '@openedx-ts/events-core/bus';
import { describe, expect, it } from 'vitest';
import { sqlOutbox } from '../sql-outbox.js';
import { OutboxTablesError } from '../store/outbox-tables-error.js';
import { type LibraryUnderTest, ServiceUnderTest } from './service-under-test.test-support.js';

/** Tests which events an outbox refuses, and when it refuses to start. */
export function describeRefusedEvents<Transaction>(
  title: string,
  library: () => LibraryUnderTest<Transaction>,
): void {
  describe(title, () => {
    const service = new ServiceUnderTest(library);

    describe('an event that is not stored', () => {
      it('fails its sender when no transaction is open: the error names event, topic and cure', async () => {
        await service.start();
        const failure = await service.send(1).catch((error: unknown) => error as ReceiverFailedError);
        expect(failure).toBeInstanceOf(ReceiverFailedError);
        const cause = (failure as ReceiverFailedError).cause as NoTransactionError;
        expect(cause).toMatchObject({
          code: 'EVENTS_NO_TRANSACTION',
          eventType: service.signal.eventType,
          topic: 'enrollments',
        });
        expect(cause.message).toContain('send it inside outbox.transaction(...)');
        expect((await service.committed()).events).toEqual([]);
      });

      it('is stored by a transaction of its own with outside: append', async () => {
        await service.start({ outside: 'append' });
        await service.send(1);
        expect((await service.committed()).events).toEqual([1]);
      });

      it('fails its sender when its transaction has ended', async () => {
        const outbox = await service.start({ outside: 'append' });
        const goOn = deferred();
        let late: Promise<unknown> | undefined;
        await outbox.transaction(async () => {
          late = goOn.promise.then(() => service.send(1));
        });
        goOn.resolve();
        const failure = await late?.catch((error: unknown) => error as ReceiverFailedError);
        expect((failure as ReceiverFailedError).cause).toBeInstanceOf(TransactionEndedError);
        expect(String((failure as Error).cause)).toContain('await sendEvent inside the transaction');
        expect((await service.committed()).events).toEqual([]);
      });

      it('fails its transaction when it is still being encoded at the end: the error names it', async () => {
        const slow = deferred();
        const codec: EventCodec = { bind: (of) => slow.promise.then(() => avroCodec().bind(of)) };
        const outbox = sqlOutbox(service.database, { codec });
        const routes = [route(service.signal, { topic: 'enrollments', eventKeyField: 'enrollment.user' })];
        outbox.warmUp = async () => {};
        service.closeLater(await startEventBus({ routes, outbox, producerMode: 'outbox' }));
        let sent: Promise<unknown> | undefined;
        const failing = outbox.transaction(async (transaction) => {
          await service.change(transaction, 1);
          sent = service.send(1);
          sent.catch(() => {});
        });
        await expect(failing).rejects.toThrow(TransactionEndedError);
        await expect(failing).rejects.toThrow(service.signal.eventType);
        slow.resolve();
        await sent?.catch(() => {});
        expect(await service.committed()).toEqual({ changes: [], events: [] });
      });

      it('fails its transaction when it cannot be encoded, even if the error was ignored', async () => {
        const outbox = await service.start({ codec: failingCodec() });
        const failing = outbox.transaction(async (transaction) => {
          await service.change(transaction, 1);
          await service.send(1).catch(() => {});
        });
        await expect(failing).rejects.toThrow(EncodingFailedError);
        expect(await service.committed()).toEqual({ changes: [], events: [] });
      });

      it('does not fail its transaction when its data are invalid and the sender ignored that', async () => {
        const outbox = await service.start();
        await outbox.transaction(async (transaction) => {
          await service.change(transaction, 1);
          await expect(service.signal.sendEvent({ enrollment: { id: 1, user: 5 as never } })).rejects.toThrow(
            InvalidDataError,
          );
        });
        expect(await service.committed()).toEqual({ changes: [1], events: [] });
      });
    });

    describe('the start', () => {
      it('is refused when the tables are missing: the error names table and command', async () => {
        const starting = service.start({ store: service.storeOf({ table: 'no_outbox' }) });
        await expect(starting).rejects.toThrow(OutboxTablesError);
        await expect(starting).rejects.toThrow(
          'no_outbox does not exist: run "openedx-events outbox migrate"',
        );
        expect(service.signal.receivers).toEqual([]);
      });

      it('is refused when the tables are older or newer than this package needs', async () => {
        const store = service.storeOf({ table: 'other_outbox' });
        await store.migrate(service.database);
        const setVersion = (version: number) =>
          service.database.query(
            `UPDATE other_outbox_migrations SET version = ${version}, readable_from = ${version}`,
          );
        for (const [version, reason] of [
          [-1, 'older'],
          [1_000, 'newer'],
        ] as const) {
          await setVersion(version);
          await expect(service.start({ store })).rejects.toMatchObject({
            code: 'EVENTS_OUTBOX_TABLES',
            reason,
          });
        }
      });
    });

    describe('close', () => {
      it('waits for transactions that are open, and stores their events', async () => {
        const outbox = sqlOutbox(service.database);
        const bus = await service.startWith(outbox);
        const [started, goOn] = [deferred(), deferred()];
        const running = outbox.transaction(async (transaction) => {
          started.resolve();
          await goOn.promise;
          await service.change(transaction, 1);
          await service.send(1);
        });
        await started.promise;
        const closed = outbox.close();
        await expect(outbox.transaction(async () => {})).rejects.toThrow(IllegalStateError);
        goOn.resolve();
        await Promise.all([running, closed, bus.close()]);
        expect(await service.committed()).toEqual({ changes: [1], events: [1] });
        expect(outbox.health()).toMatchObject({ live: false, ready: false });
      });

      it('lets a transaction that takes too long roll back: its later events have no route any more', async () => {
        const outbox = sqlOutbox(service.database, { closeTimeoutMs: 0 });
        const bus = await service.startWith(outbox);
        const [started, goOn] = [deferred(), deferred()];
        const running = outbox.transaction(async (transaction) => {
          started.resolve();
          await goOn.promise;
          await service.change(transaction, 1);
          await service.send(1);
        });
        running.catch(() => {});
        await started.promise;
        await bus.close();
        goOn.resolve();
        await expect(running).rejects.toThrow(IllegalStateError);
        expect(await service.committed()).toEqual({ changes: [], events: [] });
      });
    });
  });
}

/** Avro, whose events cannot be encoded. */
function failingCodec(): EventCodec {
  return {
    bind: async (signal) => {
      const codec: BoundCodec = await avroCodec().bind(signal);
      return {
        ...codec,
        encode: () => {
          throw new EncodingFailedError(signal.eventType, 'enrollment.id', 'too large');
        },
      };
    },
  };
}
