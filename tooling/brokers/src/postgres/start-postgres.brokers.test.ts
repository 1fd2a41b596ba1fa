import { describe, expect, it, vi } from 'vitest';
import { BrokerFailedError } from '../ladder/broker-failed-error.js';
import { NotControllableError } from '../ladder/not-controllable-error.js';
import { askPostgres } from './ask-postgres.js';
import { PostgresClient } from './postgres-client.test-support.js';
import { postgresOrReason } from './postgres-or-reason.js';
import { startPostgres } from './start-postgres.js';

const postgres = await postgresOrReason({ own: true });

describe.skipIf(postgres.reason)(postgres.titled('startPostgres'), () => {
  it('keeps what was committed over restart and SIGKILL, on the same port', async () => {
    await using server = await postgres.start();
    const { port } = server;
    using first = await PostgresClient.open(server);
    await first.ask('CREATE TABLE kept (n int); INSERT INTO kept VALUES (1)');
    await server.restart();
    using second = await PostgresClient.open(server);
    await second.ask('INSERT INTO kept VALUES (2)');
    await server.kill();
    expect(await askPostgres(server, 200)).toBe(false);
    await server.start();
    using third = await PostgresClient.open(server);
    expect(await third.ask('SELECT n FROM kept ORDER BY n')).toEqual(['1', '2']);
    expect(server.port).toBe(port);
    expect(server.url).toBe(`postgres://postgres@127.0.0.1:${port}/postgres`);
  });

  it('does not answer while frozen, on open connections neither', async () => {
    await using server = await postgres.start();
    using open = await PostgresClient.open(server);
    await server.freeze();
    open.send('SELECT 1');
    expect(await askPostgres(server, 200)).toBe(false);
    expect(open.silent).toBe(true);
    await server.unfreeze();
    await vi.waitFor(() => expect(open.silent).toBe(false));
    await server.freeze();
    await server.kill();
  });

  it('starts two at once, one of them configured and with fsync', async () => {
    const servers = await Promise.all([
      postgres.start(),
      postgres.start({ config: ['max_connections = 7'], fsync: true }),
    ]);
    await using first = servers[0];
    await using second = servers[1];
    expect(first.port).not.toBe(second.port);
    using client = await PostgresClient.open(second);
    expect(await client.ask('SHOW max_connections')).toEqual(['7']);
    expect(await client.ask('SHOW fsync')).toEqual(['on']);
    using other = await PostgresClient.open(first);
    expect(await other.ask('SHOW fsync')).toEqual(['off']);
  });

  it('starts the editions that are supported, which differ in version', async () => {
    const versions = await Promise.all(
      (['postgres-13', 'postgres-18'] as const).map(async (edition) => {
        await using server = await postgres.start({ edition });
        using client = await PostgresClient.open(server);
        return await client.ask('SHOW server_version_num');
      }),
    );
    expect(versions).toEqual([[expect.stringMatching(/^13/)], [expect.stringMatching(/^18/)]]);
  });

  it('throws with the end of the log when the server ends early', async () => {
    const failed = await postgres.start({ config: ['no_such_setting = 1'] }).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(BrokerFailedError);
    expect(failed).toMatchObject({ message: expect.stringContaining('no_such_setting') });
  });

  it('uses the server that TEST_POSTGRES_URL names, and leaves it alone', async () => {
    await using other = await postgres.start();
    vi.stubEnv('TEST_POSTGRES_URL', other.url);
    try {
      const named = await startPostgres();
      expect(named).toMatchObject({ url: other.url, port: other.port, chosen: 'environment' });
      await expect(named.kill()).rejects.toBeInstanceOf(NotControllableError);
    } finally {
      vi.unstubAllEnvs();
    }
  });
});
