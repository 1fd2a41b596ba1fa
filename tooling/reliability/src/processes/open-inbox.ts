import { once, postgresInbox, redisInbox } from '@openedx-ts/events-inbox';
import { Redis } from 'ioredis';
import pg from 'pg';
import type { Journal } from '../journal/journal.js';
import { now } from '../journal/journal-line.js';
import type { ItemReceiver } from './receive-item.js';
import type { InboxAddress } from './receiver-task.js';

/** An effect that is to happen once for each event. */
export interface OpenInbox {
  readonly effect: ItemReceiver;
  close(): Promise<void>;
}

/** In PostgreSQL the effect is a row, written by the transaction that is lent; with Redis it is a line of the journal. */
export function openInbox(address: InboxAddress, journal: Journal): OpenInbox {
  if (address.in === 'postgres') {
    const pool = new pg.Pool({ connectionString: address.url });
    pool.on('error', () => {}); // whoever uses the connection hears of it, too
    const effect: ItemReceiver = once(
      postgresInbox(pool),
      async ({ metadata: { id } }, client) => {
        await client.query('INSERT INTO effects VALUES ($1)', [id]);
      },
      { name: 'effect' },
    );
    return { effect, close: () => pool.end() };
  }
  const client = new Redis(address.url);
  const { leaseMs } = address;
  const effect: ItemReceiver = once(
    redisInbox(client, { leaseMs }),
    ({ metadata: { id } }) => journal.write(['effect', now(), id]),
    { name: 'effect' },
  );
  return { effect, close: async () => client.disconnect() };
}
