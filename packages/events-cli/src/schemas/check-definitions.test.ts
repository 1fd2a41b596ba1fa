import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startFakeSchemaRegistry } from '@openedx-ts/brokers';
import { schemaOf } from '@openedx-ts/events-avro';
import {
  defineSignal,
  enumeration,
  optional,
  type PayloadFields,
  record,
  string,
  withDefault,
} from '@openedx-ts/events-core';
import { snapshotSignals } from '@openedx-ts/events-core/bus';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { showToOperators } from '../memory-bus.test-support.js';
import { type Run, run, temporaryFolder } from '../run.test-support.js';

const eventType = 'com.example.shop.order.placed.v1';
const file = 'com+example+shop+order+placed+v1_schema.avsc';

let forget: () => void;
let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  forget = snapshotSignals();
  folder = temporaryFolder();
});
afterEach(() => {
  folder[Symbol.dispose]();
  forget();
  showToOperators(undefined);
});

/** The one definition of the event from now on. */
function define(fields: Parameters<typeof record>[1]) {
  forget();
  const data = { order: record('OrderData', { id: string(), ...fields }) } as unknown as PayloadFields;
  return defineSignal({ eventType, data });
}

const generate = (...args: string[]) =>
  run(['schema', 'generate', '--own', '--out', 'schemas', ...args], { cwd: folder.path });
const check = (...args: string[]): Promise<Run> =>
  run(['schema', 'check', '--own', '--against', 'schemas', ...args], { cwd: folder.path });

describe('schema check with definitions', () => {
  it('names who breaks and the cure', async () => {
    define({ state: enumeration(['new']) });
    await generate();
    define({ state: enumeration(['new', 'paid']) });
    const { code, stdout } = await check();
    expect(code).toBe(1);
    expect(stdout).toBe(
      `incompatible  ${file}: order.state: breaks forward compatibility, old code cannot read new events ` +
        '(the symbol "paid" is not known there)\n' +
        '              → deploy all consumers with the new symbol before anything sends it: --mode backward checks that step\n',
    );
    expect((await check('--mode', 'backward')).code).toBe(0);
  });

  it('fails with --strict when files are stale, or belong to no event', async () => {
    define({});
    await generate();
    writeFileSync(join(folder.path, 'schemas/other.avsc'), '{}');
    expect((await check()).code).toBe(0);
    expect((await check('--strict')).stdout).toBe('extra         other.avsc: the file of no known event\n');
    rmSync(join(folder.path, 'schemas/other.avsc'));
    define({ note: optional(string()) });
    expect((await check()).code).toBe(0);
    expect((await check('--strict')).stdout).toContain('changed       com+example');
    await generate('--force');
    expect((await check('--strict')).code).toBe(0);
  });

  it('fails when the module of an event is not loaded, or the event is gone', async () => {
    define({});
    await generate();
    forget();
    const { code, stdout } = await run(['schema', 'check', '--against', 'schemas'], { cwd: folder.path });
    expect(code).toBe(1);
    expect(stdout).toContain(`vanished      ${file}: there is no event ${eventType} any more\n`);
    expect(stdout).toContain('→ load its module with --require');
  });

  it('forgets an event whose file was deleted, once schemas are generated again', async () => {
    define({});
    await generate();
    forget();
    rmSync(join(folder.path, 'schemas', file));
    const args = ['org.openedx.learning.badge.awarded.v1', '--out', 'schemas'];
    await run(['schema', 'generate', ...args], { cwd: folder.path });
    const text = readFileSync(join(folder.path, 'schemas/definitions.json'), 'utf8');
    expect(Object.keys(JSON.parse(text).events)).toEqual(['org.openedx.learning.badge.awarded.v1']);
  });

  it('reports what breaks Python services, and fails with --python', async () => {
    define({});
    await generate();
    define({ channel: withDefault(string(), 'web') });
    const { code, stdout } = await check();
    expect(code).toBe(0);
    expect(stdout).toContain(
      `python        ${file}: order.channel: breaks Python services on Kafka and Redis (the new schema requires`,
    );
    expect((await check('--python', 'kafka')).code).toBe(1);
    define({ note: optional(string()) });
    expect((await check('--python', 'kafka')).code).toBe(0);
    expect((await check('--python', 'kafka', 'redis')).code).toBe(1);
  });

  it('notes that definitions are missing, and fails with --strict', async () => {
    define({});
    await generate();
    rmSync(join(folder.path, 'schemas/definitions.json'));
    expect(await check()).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^unchecked {5}schemas: /),
    });
    expect((await check('--strict')).code).toBe(1);
  });

  it.each([
    ['{', 'not valid JSON'],
    ['{"version": 2}', 'not a definitions file of version 1'],
    [
      `{"version": 1, "events": {"${eventType}": {"key_field": null, "data": {"a": {"kind": "int"}}}}}`,
      `${eventType}.data.a is not`,
    ],
  ])('refuses the definitions file %s', async (text, reason) => {
    define({});
    await generate();
    writeFileSync(join(folder.path, 'schemas/definitions.json'), text);
    expect((await check()).stderr).toContain(reason);
  });

  it('asks for a module with --own when none defines an event', async () => {
    expect(await generate()).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--require ./events.js'),
    });
  });

  it('names the groups that receive what breaks', async () => {
    define({});
    await generate();
    define({ state: string() });
    const lag = {
      topic: 'orders',
      lane: '0',
      members: 1,
      length: 1,
      lag: 0,
      pending: 0,
      oldestAgeMs: null,
      distanceToTrim: null,
    };
    const groups = ['mail', 'audit'].map((groupId) => ({ ...lag, groupId }));
    showToOperators({ lag: async () => groups, diagnose: async () => [] });
    const bus = ['--bus', join(import.meta.dirname, '../memory-bus.test-support.ts')];
    expect((await check(...bus, '-t', 'orders')).stdout).toContain(
      `groups        ${eventType}: read by audit, mail: topic orders\n`,
    );
    expect((await check(...bus)).stdout).toContain('no topic is known: name it with -t');
  });
});

describe('schema check against a commit', () => {
  it('compares with the files of the commit, not with those that were generated since', async () => {
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd: folder.path });
    define({ state: enumeration(['new', 'paid']) });
    await generate();
    git('init', '--quiet');
    git('add', '.');
    git('commit', '--quiet', '--message', 'one');
    define({ state: enumeration(['new']) });
    await generate('--force');
    expect((await check()).code).toBe(0);
    for (const place of ['git:HEAD', 'git:HEAD:schemas']) {
      const { code, stdout } = await check('--against', place);
      expect({ code, stdout }).toEqual({ code: 1, stdout: expect.stringContaining('the symbol "paid"') });
    }
    define({ state: enumeration(['new', 'paid']), note: optional(string()) });
    const changed = await check('--against', 'git:HEAD', '--strict');
    expect(changed).toMatchObject({ code: 0, stdout: expect.stringContaining('compatible change') });
    expect((await check('--against', 'git:nowhere')).stderr).toMatch(/git ls-tree: .*nowhere/);
    expect((await check('--against', 'git:HEAD:elsewhere')).stderr).toMatch(
      /fetch the commit first, .* has the folder elsewhere \[CLI_FILE\]/,
    );
    expect((await check('--against', 'git:--help')).code).toBe(2);
  });
});

describe('schema check against a registry', () => {
  it('compares with the newest schema in every topic', async () => {
    await using registry = await startFakeSchemaRegistry({
      basicAuth: { username: 'me', password: 'secret-word' },
    });
    const io = {
      env: {
        EVENT_BUS_KAFKA_SCHEMA_REGISTRY_API_KEY: 'me',
        EVENT_BUS_KAFKA_SCHEMA_REGISTRY_API_SECRET: 'secret-word',
      },
    };
    const against = ['schema', 'check', '--own', '--against', registry.url];
    registry.register(`orders-${eventType}.CloudEvent`, schemaOf(define({}) as never).text);
    expect((await run(against, io)).code).toBe(0);
    define({ title: string() });
    const { code, stdout } = await run(against, io);
    expect({ code, stdout }).toEqual({
      code: 1,
      stdout: expect.stringContaining(
        `incompatible  subject orders-${eventType}.CloudEvent: order.title: breaks backward compatibility`,
      ),
    });
    const refused = await run(against);
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('answers /subjects with 401') });
    expect(refused.stderr).not.toContain('secret-word');
    await registry.stop();
    expect((await run(against, io)).code).toBe(3);
  });

  it('reads no more of an answer than a registry has to say', async () => {
    define({});
    await using registry = await startFakeSchemaRegistry();
    registry.fail({ on: /^GET \/subjects/, body: 'x'.repeat(17_000_000) });
    expect(await run(['schema', 'check', '--own', '--against', registry.url])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('its answer has more than 16777216 bytes'),
    });
  });

  it('sends no secret over a network without TLS', async () => {
    define({});
    const args = ['schema', 'check', '--own', '--against', 'http://me:secret-word@registry.example:8081'];
    expect(await run(args)).toMatchObject({ code: 2, stderr: expect.not.stringContaining('secret-word') });
  });
});
