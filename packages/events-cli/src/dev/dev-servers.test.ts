import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { collected, run, temporaryFolder } from '../run.test-support.js';
import { bringServers } from './servers/bring-servers.js';
import { serveSchemaRegistry } from './servers/serve-schema-registry.js';

/** A program on the PATH of a test. */
function writeProgram(folder: string, name: string, text: string): void {
  writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
}

describe('dev with a bus that needs servers', () => {
  it.each([
    ['redis', 'EVENT_BUS_REDIS_CONNECTION_URL', 'redis-server'],
    ['kafka', 'EVENT_BUS_KAFKA_BOOTSTRAP_SERVERS', 'kafka-server-start.sh'],
  ])('names the three ways to a server where %s has none', async (bus, variable, program) => {
    const { code, stderr } = await run(['dev', '--bus', bus], { env: {} });
    expect(code).toBe(3);
    expect(stderr).toMatch(`name one (${variable}=`);
    expect(stderr).toMatch(`start Docker, or put ${program} on the PATH`);
  });

  it('runs the image where Docker answers, on the loopback interface, and reports what it printed when it ends', async () => {
    using folder = temporaryFolder();
    const log = join(folder.path, 'arguments');
    const script = `echo "$@" >> '${log}'; [ "$1" = info ] || { echo 'no space left' >&2; exit 1; }`;
    writeProgram(folder.path, 'docker', script);
    const env = { PATH: folder.path };
    const redis = await run(['dev', '--bus', 'redis'], { env });
    expect(redis.code).toBe(3);
    expect(redis.stderr).toContain('starting Redis: redis:7 in Docker');
    expect(redis.stderr).toMatch(/Redis did not start: .*docker has ended: no space left/);
    const kafka = await run(['dev'], { env: { ...env, EVENT_BUS: 'kafka' } });
    expect(kafka.stderr).toContain('Kafka did not start');
    const calls = readFileSync(log, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('run'));
    expect(calls).toEqual([
      expect.stringMatching(/^run --rm --publish 127\.0\.0\.1:\d+:6379 redis:7 redis-server /),
      expect.stringMatching(
        /^run --rm --publish 127\.0\.0\.1:(\d+):9092 .*ADVERTISED_LISTENERS=PLAINTEXT:\/\/localhost:\1 .*apache\/kafka:[\d.]+$/,
      ),
    ]);
  });

  it('uses a program of the PATH where the engine of Docker does not answer', async () => {
    using folder = temporaryFolder();
    vi.stubEnv('TMPDIR', folder.path);
    onTestFinished(() => void vi.unstubAllEnvs());
    writeProgram(folder.path, 'docker', 'exit 1');
    writeProgram(folder.path, 'redis-server', 'echo cannot bind; exit 1');
    const { code, stderr } = await run(['dev', '--bus', 'redis'], { env: { PATH: folder.path } });
    expect(code).toBe(3);
    expect(stderr).toContain(`starting Redis: ${join(folder.path, 'redis-server')}`);
    expect(stderr).toContain('cannot bind');
    expect(readdirSync(folder.path).toSorted()).toEqual(['docker', 'redis-server']); // its data are gone
  });

  it('reports why the storage of Kafka cannot be formatted, and leaves no folder', async () => {
    using folder = temporaryFolder();
    vi.stubEnv('TMPDIR', folder.path);
    onTestFinished(() => void vi.unstubAllEnvs());
    const programs = ['kafka-server-start.sh', 'kafka-storage.sh'];
    for (const name of programs) writeProgram(folder.path, name, 'echo there is no Java >&2; exit 1');
    const { code, stderr } = await run(['dev', '--bus', 'kafka'], { env: { PATH: folder.path } });
    expect(code).toBe(3);
    expect(stderr).toMatch(/Kafka did not start: .*there is no Java/s);
    expect(readdirSync(folder.path).toSorted()).toEqual(programs);
  });

  it('starts no server that the environment names', async () => {
    const env = { EVENT_BUS_REDIS_CONNECTION_URL: 'redis://:secret-word@127.0.0.1:1' };
    const stderr = collected();
    const io = { stdin: Readable.from([]), stdout: collected().stream, stderr: stderr.stream, cwd: '.', env };
    const { signal: abortSignal } = new AbortController();
    await using brought = await bringServers('redis', { ...io, abortSignal });
    expect(brought.env).toEqual(env);
    expect(stderr.text()).toBe('using the server that EVENT_BUS_REDIS_CONNECTION_URL names\n');
  });
});

describe('the schema registry of dev', () => {
  it('answers as clients of a registry expect', async () => {
    await using registry = await serveSchemaRegistry();
    const ask = async (path: string, schema?: unknown) => {
      const body = schema === undefined ? null : JSON.stringify({ schema: JSON.stringify(schema, null, 1) });
      const answer = await fetch(registry.url + path, { method: body === null ? 'GET' : 'POST', body });
      return [answer.status, await answer.json()];
    };
    const text = { type: 'string' };
    expect(await ask('/subjects/orders%2Da/versions?normalize=False', text)).toEqual([200, { id: 1 }]);
    expect(await ask('/subjects/other/versions', text)).toEqual([200, { id: 1 }]);
    expect(await ask('/subjects/other/versions', { type: 'long' })).toEqual([200, { id: 2 }]);
    expect(await ask('/schemas/ids/2')).toEqual([200, { schema: '{"type":"long"}' }]);
    expect(await ask('/subjects/other', { type: 'long' })).toMatchObject([200, { version: 2, id: 2 }]);
    expect(await ask('/subjects')).toEqual([200, ['orders-a', 'other']]);
    expect(await ask('/schemas/ids/3')).toMatchObject([404, { error_code: 40403 }]);
    expect(await ask('/subjects/other', { type: 'int' })).toMatchObject([404, { error_code: 40403 }]);
    const broken = await fetch(`${registry.url}/subjects/other/versions`, { method: 'POST', body: '{' });
    expect(broken.status).toBe(422);
    expect(await ask('/config')).toEqual([200, { compatibilityLevel: 'NONE' }]);
  });
});
