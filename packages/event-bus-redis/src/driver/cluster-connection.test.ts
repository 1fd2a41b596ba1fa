import { InfrastructureError } from '@openedx-ts/events-core';
import { OutcomeUnknownError } from '@openedx-ts/events-core/bus';
import { describe, expect, it } from 'vitest';
import { ClusterConnection } from './cluster-connection.js';
import { type RecordingServer, recordingServer } from './recording-server.test-support.js';
import { RedisAccessError } from './redis-access-error.js';

type Answer = (words: readonly string[]) => string;

/** Two nodes, of which the first serves all slots by what both report. */
async function twoNodes(first: Answer, second: Answer, database = '') {
  let port = 0;
  const slots = () => `*1\r\n*3\r\n:0\r\n:16383\r\n*3\r\n$9\r\n127.0.0.1\r\n:${port}\r\n$1\r\na\r\n`;
  const seen: string[] = [];
  const answering =
    (name: string, answer: Answer): Answer =>
    (words) => {
      if (words[0] === 'CLIENT') return '+OK\r\n';
      if (words[0] === 'CLUSTER') return slots();
      seen.push(`${name} ${words.join(' ')}`);
      return answer(words);
    };
  const one = await recordingServer(answering('first', first));
  const two = await recordingServer(answering('second', second));
  port = one.port;
  const connection = new ClusterConnection({
    url: `redis://127.0.0.1:${one.port}${database}`,
    ...{ cluster: true, connectTimeoutMs: 1000, commandTimeoutMs: 1000, clientName: 'test' },
  });
  return {
    ...{ connection, seen, one, two },
    /** Has both nodes report that a node serves all slots. */
    moveTo(server: RecordingServer) {
      port = server.port;
    },
    async [Symbol.asyncDispose]() {
      await connection.close();
      await Promise.all([one, two].map((server) => server[Symbol.asyncDispose]()));
    },
  };
}

describe('a connection to a Redis Cluster', () => {
  it('sends what has moved to the other node, in its order, with what follows it, and nothing else again', async () => {
    let executed = 0;
    await using cluster = await twoNodes(
      () => {
        executed += 1;
        if (executed === 1) return ':1\r\n';
        cluster.moveTo(cluster.two);
        return `-MOVED 1 127.0.0.1:${cluster.two.port}\r\n`;
      },
      () => ':2\r\n',
    );
    const commands = [
      ['XADD', 's', '1'],
      ['XADD', 's', '2'],
      ['XADD', 's', '3'],
      ['WAIT', '1', '9'],
    ];
    await expect(cluster.connection.send(commands)).resolves.toEqual([1, 2, 2, 2]);
    expect(cluster.seen.filter((line) => line.startsWith('second'))).toEqual([
      'second XADD s 2',
      'second XADD s 3',
      'second WAIT 1 9',
    ]);
  });

  it('works in the database that the URL names, which most clusters refuse', async () => {
    await using cluster = await twoNodes(
      ([name]) => (name === 'SELECT' ? '-ERR SELECT is not allowed in cluster mode\r\n' : ':1\r\n'),
      () => ':2\r\n',
      '/2',
    );
    const error = await cluster.connection.send([['XADD', 's', '1']]).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(RedisAccessError);
    expect(String(error)).toMatch(/refuses database 2, which the URL names: ERR SELECT is not allowed/);
    expect(cluster.seen).toEqual(['first SELECT 2']);
  });

  it('asks the node that takes a slot over, for one command', async () => {
    await using cluster = await twoNodes(
      () => `-ASK 1 127.0.0.1:${cluster.two.port}\r\n`,
      ([name]) => (name === 'ASKING' ? '+OK\r\n' : ':2\r\n'),
    );
    await expect(cluster.connection.call(['XLEN', 's'])).resolves.toBe(2);
    expect(cluster.seen).toEqual(['first XLEN s', 'second ASKING', 'second XLEN s']);
  });

  it('sends a transaction again as a whole when its slot is taken over', async () => {
    await using cluster = await twoNodes(
      ([name]) => {
        if (name === 'MULTI') return '+OK\r\n';
        return name === 'EXEC'
          ? '-EXECABORT Transaction discarded because of previous errors.\r\n'
          : `-ASK 1 127.0.0.1:${cluster.two.port}\r\n`;
      },
      ([name]) => (name === 'EXEC' ? '*2\r\n:1\r\n:2\r\n' : name === 'XADD' ? '+QUEUED\r\n' : '+OK\r\n'),
    );
    const commands = [
      ['XADD', 's', '1'],
      ['XADD', 's', '2'],
    ];
    const { replies } = await cluster.connection.sendTogether(commands, [['HSTRLEN', 'schemas', 'a']]);
    expect(replies.slice(0, 2)).toEqual([1, 2]);
    expect(cluster.seen.filter((line) => line.startsWith('second'))[0]).toBe('second ASKING');
  });

  it('does not report as unsent what was executed before a node that a slot has moved to was unreachable', async () => {
    let executed = 0;
    await using cluster = await twoNodes(
      () => {
        executed += 1;
        return executed === 1 ? ':1\r\n' : '-ASK 1 127.0.0.1:1\r\n';
      },
      () => ':2\r\n',
    );
    const sending = cluster.connection.send([
      ['XADD', 's', '1'],
      ['XADD', 's', '2'],
    ]);
    await expect(sending).rejects.toBeInstanceOf(OutcomeUnknownError);
  });

  it('reports that it does not serve a command which is redirected for ever', async () => {
    await using cluster = await twoNodes(
      () => '-MOVED 1 127.0.0.1:1\r\n',
      () => ':2\r\n',
    );
    const calling = cluster.connection.call(['XLEN', 's']);
    await expect(calling).rejects.toBeInstanceOf(InfrastructureError);
    await expect(calling).rejects.toThrow('TRYAGAIN the Redis Cluster has redirected it 5 times');
  });

  it('is refused for good by a server that is no cluster', async () => {
    await using server = await recordingServer(([name]) =>
      name === 'CLUSTER' ? '-ERR This instance has cluster support disabled\r\n' : '+OK\r\n',
    );
    const connection = new ClusterConnection({
      url: `redis://127.0.0.1:${server.port}`,
      ...{ cluster: true, connectTimeoutMs: 1000, commandTimeoutMs: 1000, clientName: 'test' },
    });
    const calling = connection.call(['XLEN', 's']);
    await expect(calling).rejects.toBeInstanceOf(RedisAccessError);
    await expect(calling).rejects.toThrow('remove the option cluster (EVENT_BUS_REDIS_CLUSTER)');
    await connection.close();
  });
});
