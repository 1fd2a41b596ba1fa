import { configureEvents, InfrastructureError, silentLogger } from '@openedx-ts/events-core';
import type { SqlDatabase, StatementOptions } from '@openedx-ts/events-sql';
import { expect, it } from 'vitest';
import { RelayDatabase } from './relay-database.js';

it('a statement of the relay that gets no answer does not keep its connection', async () => {
  using _ = configureEvents({ logger: silentLogger });
  const signals: (AbortSignal | undefined)[] = [];
  const hang = ({ abortSignal }: StatementOptions = {}) => {
    signals.push(abortSignal);
    return new Promise<never>(() => {});
  };
  const silent: SqlDatabase<unknown> = {
    dialect: 'postgres',
    query: (_text, _values, options) => hang(options),
    transaction: (_work, options) => hang(options),
  };
  const database = new RelayDatabase(silent);
  const reading = database.run('read entries', (db) => db.query('SELECT 1'), 5);
  const parking = database.run('park entries', (db) => db.transaction(async () => {}), 5);
  await expect(reading).rejects.toThrow(InfrastructureError);
  await expect(parking).rejects.toThrow('no answer within 5 ms');
  expect(signals.map((signal) => signal?.aborted)).toEqual([true, true]);
});
