import { startMysql, startPostgres } from '@openedx-ts/brokers';
import { redisUnderTest } from '../buses/redis-under-test.js';
import { ForkedProcess } from '../processes/forked-process.js';
import { prepareProcessScripts } from '../processes/process-scripts.js';
import type { DatabaseUnderTest, RunningDatabase } from './database-under-test.js';
import { type DatabaseAddress, openDatabase } from './open-database.js';

/** PostgreSQL that writes each commit to the disk; its events are published on Redis. */
export const postgresUnderTest: DatabaseUnderTest = {
  name: 'postgres',
  publishesOn: 'redis',
  isServer: true,
  start: () => startServer('postgres'),
};

/** The same with MariaDB. */
export const mariadbUnderTest: DatabaseUnderTest = {
  name: 'mariadb',
  publishesOn: 'redis',
  isServer: true,
  start: () => startServer('mysql'),
};

async function startServer(dialect: DatabaseAddress['dialect']): Promise<RunningDatabase> {
  const options = { own: true, fsync: true };
  const owned: AsyncDisposable[] = [];
  const own = <Owned extends AsyncDisposable>(one: Owned): Owned => {
    owned.unshift(one);
    return one;
  };
  const dispose = async () => {
    for (const one of owned.splice(0)) await one[Symbol.asyncDispose]();
  };
  try {
    const server = own(dialect === 'postgres' ? await startPostgres(options) : await startMysql(options));
    const { env, plugin } = own(await redisUnderTest.start());
    await prepareProcessScripts(env, ['outbox-writer', 'outbox-relay']);
    const admin = await plugin.createAdmin?.(env);
    const topics = admin?.topics;
    if (topics === undefined) throw new TypeError(`bus ${plugin.name} does not let its topics be read`);
    own({ [Symbol.asyncDispose]: async () => admin?.close() });
    const address = { dialect, url: server.url };
    const { database, close } = openDatabase(address, 2);
    own({ [Symbol.asyncDispose]: close });
    return {
      database,
      topics,
      startWriter: (life, options) =>
        new ForkedProcess({ life, is: 'outbox-writer', env, options: { ...options, database: address } }),
      startRelay: (life, options) =>
        new ForkedProcess({
          life,
          is: 'outbox-relay',
          env,
          options: { ...options, life, database: address },
        }),
      kill: () => server.kill(),
      restart: () => server.start(),
      [Symbol.asyncDispose]: dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}
