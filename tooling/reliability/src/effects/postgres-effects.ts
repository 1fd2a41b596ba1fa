import { startPostgres } from '@openedx-ts/brokers';
import { postgresInboxTable } from '@openedx-ts/events-inbox';
import pg from 'pg';
import type { InboxAddress } from '../processes/receiver-task.js';
import type { Rig } from '../rig.js';

/** Starts a PostgreSQL with an inbox and a table of effects, which is counted at the end. */
export async function postgresEffects(rig: Rig): Promise<InboxAddress> {
  // Consumers die here, not the machine: it need not wait for its disk.
  const server = rig.use(await startPostgres({ own: true, config: ['fsync = off'] }));
  const ask = async (question: string) => {
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    try {
      return await client.query<{ events: string; twice: string }>(question);
    } finally {
      await client.end();
    }
  };
  await ask(postgresInboxTable());
  await ask('CREATE TABLE effects (event_id text NOT NULL)');
  rig.countEffects = async () => {
    const { rows } = await ask(
      'SELECT count(DISTINCT event_id) AS events, count(*) - count(DISTINCT event_id) AS twice FROM effects',
    );
    return { events: Number(rows[0]?.events), twice: Number(rows[0]?.twice) };
  };
  return { in: 'postgres', url: server.url };
}
