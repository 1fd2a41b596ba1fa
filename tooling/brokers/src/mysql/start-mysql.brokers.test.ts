import { createConnection } from 'mysql2/promise';
import { describe, expect, it, vi } from 'vitest';
import { BrokerFailedError } from '../ladder/broker-failed-error.js';
import { NotControllableError } from '../ladder/not-controllable-error.js';
import { askMysql } from './ask-mysql.js';
import { mysqlOrReason } from './mysql-or-reason.js';
import { startMysql } from './start-mysql.js';

const mysql = await mysqlOrReason({ own: true });

describe.skipIf(mysql.reason)(mysql.titled('startMysql'), () => {
  it('keeps what was committed over restart and SIGKILL, on the same port', async () => {
    await using server = await mysql.start();
    const { port } = server;
    await ask(server.url, 'CREATE TABLE kept (n int)');
    await ask(server.url, 'INSERT INTO kept VALUES (1)');
    await server.restart();
    await ask(server.url, 'INSERT INTO kept VALUES (2)');
    await server.kill();
    expect(await askMysql(server, 200)).toBe(false);
    await server.start();
    expect(await ask(server.url, 'SELECT n FROM kept ORDER BY n')).toEqual([{ n: 1 }, { n: 2 }]);
    expect(server.url).toBe(`mysql://root@127.0.0.1:${port}/test`);
  });

  it('does not answer while frozen', async () => {
    await using server = await mysql.start();
    await server.freeze();
    expect(await askMysql(server, 200)).toBe(false);
    await server.unfreeze();
    expect(await askMysql(server, 5000)).toBe(true);
    await server.freeze();
    await server.kill();
  });

  it('starts two at once, one of them configured and with fsync', async () => {
    const servers = await Promise.all([
      mysql.start(),
      mysql.start({ config: ['max_connections = 17'], fsync: true }),
    ]);
    await using first = servers[0];
    await using second = servers[1];
    expect(first.port).not.toBe(second.port);
    const settings = 'SELECT @@max_connections AS most, @@innodb_flush_log_at_trx_commit AS flush';
    expect(await ask(second.url, settings)).toEqual([{ most: 17, flush: 1 }]);
    expect(await ask(first.url, settings)).toMatchObject([{ flush: 2 }]);
  });

  it('throws with the end of the log when the server ends early', async () => {
    const failed = await mysql.start({ config: ['no_such_setting = 1'] }).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(BrokerFailedError);
    expect(failed).toMatchObject({ message: expect.stringMatching(/no.such.setting/) });
  });

  it('uses the server that TEST_MYSQL_URL names, and leaves it alone', async () => {
    await using other = await mysql.start();
    vi.stubEnv('TEST_MYSQL_URL', other.url);
    try {
      const named = await startMysql();
      expect(named).toMatchObject({ url: other.url, port: other.port, chosen: 'environment' });
      await expect(named.kill()).rejects.toBeInstanceOf(NotControllableError);
    } finally {
      vi.unstubAllEnvs();
    }
  });
});

async function ask(url: string, sql: string): Promise<unknown> {
  const connection = await createConnection(url);
  try {
    const [rows] = await connection.query(sql);
    return rows;
  } finally {
    await connection.end();
  }
}
