import { defineSignal, long, record, string } from '@openedx-ts/events-core';
import type { SqlDatabase, SqlExecutor } from '@openedx-ts/events-sql';
import { describe, expectTypeOf, it } from 'vitest';
import { sqlOutbox } from './sql-outbox.js';

interface Client {
  query(text: string): Promise<unknown>;
}
declare const database: SqlDatabase<Client>;
declare const executor: SqlExecutor;

const paid = defineSignal({
  eventType: 'org.openedx.learning.order.paid.v1',
  irregularEventType: 'made up by a test',
  data: { order: record('OrderData', { id: long(), user: string() }) },
});
const named = defineSignal({
  eventType: 'org.openedx.learning.user.named.v1',
  irregularEventType: 'made up by a test',
  data: { name: string() },
});

describe('sqlOutbox', () => {
  const outbox = sqlOutbox(database);

  it('gives the work the transaction of the library, and returns what the work returns', () => {
    expectTypeOf(outbox.transaction<number>)
      .parameter(0)
      .parameter(0)
      .toEqualTypeOf<Client>();
    const transaction = () => outbox.transaction(async () => 'done');
    expectTypeOf(transaction).returns.resolves.toEqualTypeOf<string>();
    expectTypeOf(() => outbox.within(executor, () => 5)).returns.resolves.toEqualTypeOf<number>();
  });

  it('appends events of different signals, with the data and key paths of each', () => {
    const order = { id: 1, user: 'ann' };
    const append = () =>
      outbox.append(executor, [
        { signal: paid, topic: 'orders', eventKeyField: 'order.user', data: { order } },
        { signal: named, topic: 'users', eventKeyField: 'name', data: { name: 'ann' } },
      ]);
    expectTypeOf(append).returns.resolves.toBeVoid();
    const list = ['ann', 'bob'].map((name) => ({
      signal: named,
      topic: 'users',
      eventKeyField: 'name' as const,
      data: { name },
    }));
    expectTypeOf(() => outbox.append(executor, list)).returns.resolves.toBeVoid();
    const wrong = { signal: paid, topic: 't', eventKeyField: 'order.nobody', data: { order } } as const;
    // @ts-expect-error the order has no such field
    void (() => outbox.append(executor, [wrong]));
    const number = { signal: named, topic: 't', eventKeyField: 'name', data: { name: 5 } } as const;
    // @ts-expect-error the name is a text
    void (() => outbox.append(executor, [number]));
  });

  it('refuses options that it does not know', () => {
    // @ts-expect-error there is no such choice
    void (() => sqlOutbox(database, { outside: 'ignore' }));
  });
});
