import { generateKeyPairSync } from 'node:crypto';
import { BlockList } from 'node:net';
import { inspect } from 'node:util';
import { configureEvents, InfrastructureError } from '@openedx-ts/events-core';
import { TextCleaner } from '@openedx-ts/events-core/bus';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { certificateFor } from '../integration/tls.test-support.js';
import { connectRedis, type RedisConnectionOptions } from './connect-redis.js';
import { recordingServer } from './recording-server.test-support.js';
import { RedisAccessError } from './redis-access-error.js';

const password = 'hunter2';
const own = certificateFor('IP:127.0.0.1', 'DNS:localhost');
const tls = { ca: own.cert };

/** Connects; the error, or what the name of the connection became. */
async function connecting(options: Partial<RedisConnectionOptions> & { readonly url: string }) {
  try {
    const client = await connectRedis(
      { connectTimeoutMs: 2_000, commandTimeoutMs: 1_000, clientName: 'test', ...options },
      new TextCleaner([password]),
    );
    client.disconnect();
    return 'connected';
  } catch (error) {
    return error as Error;
  }
}

function encryptedKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return String(privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' }));
}

const redis = ([name]: readonly string[]) => (name === 'AUTH' || name === 'CLIENT' ? '+OK\r\n' : '-ERR\r\n');
const sentinelFor = (host: string, port: number) => (words: readonly string[]) => {
  if (words[0] === 'AUTH') return '+OK\r\n';
  return `*2\r\n$${host.length}\r\n${host}\r\n$${String(port).length}\r\n${port}\r\n`;
};
const clearText = (servers: readonly { readonly received: readonly Buffer[] }[]) =>
  Buffer.concat(servers.flatMap(({ received }) => received)).toString('latin1');
/** Makes connections look as if they led to this machine, or another, one after another; the last one is repeated. */
const onThisMachine = (...answers: readonly boolean[]) => {
  const check = vi.spyOn(BlockList.prototype, 'check').mockReturnValue(answers.at(-1) === true);
  for (const answer of answers) check.mockReturnValueOnce(answer);
};

afterEach(() => void vi.restoreAllMocks());

describe('connectRedis with Sentinels', () => {
  it('sends no byte in clear text when the URL is rediss://', async () => {
    await using primary = await recordingServer(redis, own);
    await using sentinel = await recordingServer(sentinelFor('127.0.0.1', primary.port), own);
    const clientOptions = {
      sentinels: [{ host: '127.0.0.1', port: sentinel.port }],
      name: 'mymaster',
      sentinelPassword: password,
      tls,
    };
    expect(await connecting({ url: `rediss://:${password}@mymaster`, clientOptions })).toBe('connected');
    for (const { received } of [primary, sentinel]) {
      expect(received.map((bytes) => bytes[0])).toEqual([0x16]); // a TLS handshake
    }
    expect(clearText([primary, sentinel])).not.toMatch(/hunter2|AUTH|SENTINEL|mymaster/);
  });

  it.each([
    ['Sentinels', false, true],
    ['a primary', true, false],
  ])(
    'is refused, and sends nothing in clear text, to %s without TLS',
    async (_what, sentinelHas, primaryHas) => {
      await using primary = await recordingServer(redis, primaryHas ? own : undefined);
      await using sentinel = await recordingServer(
        sentinelFor('127.0.0.1', primary.port),
        sentinelHas ? own : undefined,
      );
      const clientOptions = {
        sentinels: [{ host: '127.0.0.1', port: sentinel.port }],
        name: 'mymaster',
        sentinelPassword: password,
        tls,
      };
      const options = { url: `rediss://:${password}@mymaster`, clientOptions, connectTimeoutMs: 400 };
      expect(await connecting(options)).toBeInstanceOf(Error);
      expect(clearText([primary, sentinel])).not.toMatch(/hunter2|AUTH|SENTINEL|mymaster/);
    },
  );

  it('sends no password to a primary on another machine, which a Sentinel on this one names', async () => {
    await using primary = await recordingServer(redis);
    await using sentinel = await recordingServer(sentinelFor('127.0.0.1', primary.port));
    const sentinels = [{ host: '127.0.0.1', port: sentinel.port }];
    const options = { url: `redis://:${password}@mymaster`, clientOptions: { sentinels, name: 'mymaster' } };
    expect(await connecting(options)).toBe('connected');
    const before = primary.received.length;
    onThisMachine(true, false);
    const refused = await connecting(options);
    expect(refused).toBeInstanceOf(RedisAccessError);
    expect(refused).toMatchObject({ message: expect.stringMatching(/is on another machine.*allowInsecure/) });
    expect(clearText([{ received: primary.received.slice(before) }])).toBe('');
    expect(await connecting({ ...options, allowInsecure: true })).toBe('connected');
  });

  it('follows the NAT map, and checks where that leads', async () => {
    await using primary = await recordingServer(redis);
    await using sentinel = await recordingServer(sentinelFor('10.0.0.1', 6379));
    const clientOptions = {
      sentinels: [{ host: '127.0.0.1', port: sentinel.port }],
      name: 'mymaster',
      natMap: { '10.0.0.1:6379': { host: '127.0.0.1', port: primary.port } },
    };
    expect(await connecting({ url: `redis://:${password}@mymaster`, clientOptions })).toBe('connected');
    const natMap = () => ({ host: '127.0.0.1', port: primary.port });
    const options = { url: 'redis://mymaster', clientOptions: { ...clientOptions, natMap } };
    expect(await connecting(options)).toBe('connected');
  });

  it('asks the next one when a Sentinel is silent, down, or knows no such primary', async () => {
    await using primary = await recordingServer(redis);
    await using silent = await recordingServer(() => '');
    await using ignorant = await recordingServer(() => '*-1\r\n');
    await using knowing = await recordingServer(sentinelFor('127.0.0.1', primary.port));
    const at = (port: number) => ({ host: '127.0.0.1', port });
    const sentinels = [at(silent.port), at(1), at(ignorant.port), at(knowing.port)];
    const clientOptions = { sentinels, name: 'mymaster' };
    expect(await connecting({ url: 'redis://mymaster', clientOptions, connectTimeoutMs: 1_000 })).toBe(
      'connected',
    );
    const none = { sentinels: sentinels.slice(0, 3), name: 'mymaster' };
    const failed = await connecting({ url: 'redis://x', clientOptions: none, connectTimeoutMs: 500 });
    expect(failed).toBeInstanceOf(InfrastructureError);
    expect(failed).toMatchObject({
      message: expect.stringMatching(
        /(?=.*no reply within)(?=.*ECONNREFUSED)(?=.*knows no primary named mymaster)/,
      ),
    });
  });

  it('asks any Sentinel first, because one may name a former primary for a while', async () => {
    await using primary = await recordingServer(redis);
    await using one = await recordingServer(sentinelFor('127.0.0.1', primary.port));
    await using other = await recordingServer(sentinelFor('127.0.0.1', primary.port));
    const sentinels = [one, other].map(({ port }) => ({ host: '127.0.0.1', port }));
    const isAsked = () => [one, other].map(({ received }) => received.length > 0);
    for (const [random, asked] of [
      [0.5, [false, true]],
      [0.4, [true, true]],
    ] as const) {
      using _ = configureEvents({ random: () => random });
      await connecting({ url: 'redis://mymaster', clientOptions: { sentinels, name: 'mymaster' } });
      expect(isAsked()).toEqual(asked);
    }
  });

  it('reports a Sentinel that refuses us, without the password that it repeats', async () => {
    await using sentinel = await recordingServer(() => '-WRONGPASS hunter2\u001b[31m\r\n');
    const sentinels = [{ host: '127.0.0.1', port: sentinel.port }];
    const clientOptions = { sentinels, name: 'mymaster', sentinelPassword: password };
    const refused = await connecting({ url: 'redis://mymaster', clientOptions });
    expect(refused).toBeInstanceOf(RedisAccessError);
    expect(String(refused)).toMatch(/refuses us \(WRONGPASS \*\*\*\\u\{1b\}\[31m\).*sentinelPassword/);
  });
});

describe('connectRedis', () => {
  it('sends no password in clear text where a local name leads to another machine', async () => {
    await using server = await recordingServer(redis);
    onThisMachine(false);
    const refused = await connecting({ url: `redis://:${password}@localhost:${server.port}` });
    expect(refused).toBeInstanceOf(RedisAccessError);
    expect(clearText([server])).toBe('');
    expect(await connecting({ url: `redis://localhost:${server.port}` })).toBe('connected');
  });

  it('names the host of the URL to the server (SNI), unless that is an address or tls sets another', async () => {
    const any = certificateFor('IP:127.0.0.1', 'DNS:localhost', 'DNS:redis.example.org');
    await using server = await recordingServer(redis, any);
    const options = { ca: any.cert };
    const connect = (host: string, more = {}) =>
      connecting({ url: `rediss://${host}:${server.port}`, clientOptions: { tls: { ...options, ...more } } });
    expect(await connect('localhost')).toBe('connected');
    expect(await connect('127.0.0.1')).toBe('connected');
    expect(await connect('127.0.0.1', { servername: 'redis.example.org' })).toBe('connected');
    expect(server.serverNames).toEqual(['localhost', false, 'redis.example.org']);
  });

  it.each([
    ['asks for a certificate', { requestCert: true, maxVersion: 'TLSv1.3' }, {}],
    ['asks for a certificate, by TLS 1.2', { requestCert: true, maxVersion: 'TLSv1.2' }, {}],
    ['has another version of TLS', { minVersion: 'TLSv1.3' }, { maxVersion: 'TLSv1.2' }],
  ] as const)('blames neither the certificate nor TLS of a server that %s', async (_what, theirs, ours) => {
    await using server = await recordingServer(redis, { ...own, ...theirs });
    const url = `rediss://127.0.0.1:${server.port}`;
    const refused = await connecting({ url, clientOptions: { tls: { ...tls, ...ours } } });
    expect(refused).toBeInstanceOf(RedisAccessError);
    expect(refused).toMatchObject({
      message: expect.stringMatching(
        /refuses our TLS connection \(ERR_SSL_.*ALERT.*EVENT_BUS_REDIS_TLS_CERT/,
      ),
    });
  });

  it.each([
    ['is of another certificate', { cert: certificateFor('DNS:other').cert, key: own.key }],
    ['is encrypted', { cert: own.cert, key: encryptedKey() }],
    ['is none', { cert: own.key, key: own.cert }],
  ])('does not blame the server for a key of ours that %s', async (_what, ours) => {
    await using server = await recordingServer(redis, own);
    const refused = await connecting({
      url: `rediss://127.0.0.1:${server.port}`,
      clientOptions: { tls: { ...tls, ...ours } },
    });
    expect(refused).toBeInstanceOf(RedisAccessError);
    expect(String(refused)).toMatch(/our certificate or its key for Redis at .* cannot be used \(ERR_OSSL_/);
  });

  it('goes where the URL leads, whatever the options of TLS name', async () => {
    await using server = await recordingServer(redis, own);
    const elsewhere = { ...tls, host: '127.0.0.1', port: 1 };
    const url = `rediss://:${password}@127.0.0.1:${server.port}`;
    expect(await connecting({ url, clientOptions: { tls: elsewhere } })).toBe('connected');
  });

  it.each([
    ['without a login', ''],
    ['with a password', `:${password}@`],
    ['with a database', '', '/2'],
  ])('says why a server accepts no connection %s', async (_, login, database = '') => {
    const asked = async (reply: string) => {
      await using server = await recordingServer(() => `-${reply}\r\n`);
      return await connecting({ url: `redis://${login}127.0.0.1:${server.port}${database}` });
    };
    const full = await asked('ERR max number of clients reached');
    expect(full).toBeInstanceOf(InfrastructureError);
    expect(String(full)).toMatch(/accepts no clients at the moment: ERR max number of clients reached/);
    const denied = await asked('DENIED Redis is running in protected mode because protected mode is enabled');
    expect(denied).toBeInstanceOf(RedisAccessError);
    expect(String(denied)).toMatch(/is in protected mode, and accepts clients of its own machine only/);
  });

  it('does without the name of the connection where a server refuses to note it', async () => {
    await using server = await recordingServer(() => '-NOPERM no permissions to run client|setname\r\n');
    expect(await connecting({ url: `redis://127.0.0.1:${server.port}` })).toBe('connected');
  });

  it('shows nothing of what a server repeats', async () => {
    await using server = await recordingServer(() => '-LOADING hunter2\u001b[31m\u202e\r\n');
    const error = await connecting({ url: `redis://:${password}@127.0.0.1:${server.port}` });
    expect(String(error)).toMatch(
      /accepts no clients at the moment: LOADING \*\*\*\\u\{1b\}\[31m\\u\{202e\}/,
    );
  });

  it('keeps nothing of an answer that is no RESP', async () => {
    await using server = await recordingServer(() => 'HTTP/1.1 400 hunter2\r\n\r\n');
    const error = await connecting({ url: `redis://:${password}@127.0.0.1:${server.port}` });
    expect(error).toMatchObject({ message: expect.stringMatching(/the server is no Redis/) });
    expect(inspect(error, { depth: Infinity, showHidden: true })).not.toMatch(/hunter2|68 75 6e 74 65 72/);
  });
});
