import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fingerprintOf } from '@openedx-ts/events-avro';
import { configureEvents, InfrastructureError } from '@openedx-ts/events-core';
import { systemClock, UnusableMessageError } from '@openedx-ts/events-core/bus';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { ConfluentSchemaRegistry } from './confluent-schema-registry.js';
import { RegistryHttp } from './registry-http.js';
import { SchemaRegistryError } from './schema-registry-error.js';
import type { SchemaRegistryOptions } from './schema-registry-options.js';
import { type StubAnswer, StubRegistry } from './stub-registry.test-support.js';

const text = '{"name": "username", "type": "string"}';
const notFound = { status: 404, body: { error_code: 40403, message: 'Schema not found' } };

let stub: StubRegistry;
/** What is added to the time of the clock that durations are read from. */
let ahead = 0;
let restore: Disposable;

beforeEach(async () => {
  ahead = 0;
  const clock = { ...systemClock, monotonic: () => systemClock.monotonic() + ahead };
  restore = configureEvents({ clock, random: () => 1 });
  stub = await new StubRegistry().start();
});
afterEach(async () => {
  await stub.stop();
  restore[Symbol.dispose]();
});

const registry = (options: Partial<SchemaRegistryOptions> = {}) =>
  new ConfluentSchemaRegistry({ url: stub.url, ...options });
const answering = (answer: StubAnswer | undefined) => {
  stub.answer = () => answer;
};
/** What a promise was rejected with. */
const failureOf = async (work: unknown): Promise<Error & Partial<SchemaRegistryError>> => {
  try {
    await work;
  } catch (error) {
    return error as Error;
  }
  throw new Error('it did not fail');
};

describe('ConfluentSchemaRegistry.register', () => {
  it('sends what the Python client sends, the text byte for byte', async () => {
    answering({ body: { id: 17 } });
    expect(await registry({ url: `${stub.url}/apis/ccompat/v7/` }).register('dev/topic-string', text)).toBe(
      17,
    );
    expect(stub.requests).toMatchObject([
      {
        method: 'POST',
        path: '/apis/ccompat/v7/subjects/dev%2Ftopic-string/versions?normalize=False',
        headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
        body: { schema: text, schemaType: 'AVRO', references: [] },
      },
    ]);
  });

  it('asks once for questions that overlap, and is sync from then on', async () => {
    const it = registry();
    const ids = await Promise.all([it.register('a', text), it.register('a', text), it.register('a', text)]);
    expect(ids).toStrictEqual([1, 1, 1]);
    expect(it.register('a', text)).toBe(1);
    expect(stub.requests).toHaveLength(1);
    await Promise.all([it.register('b', text), it.register('a', `${text} `)]);
    expect(stub.requests).toHaveLength(3);
  });

  it('asks about one schema of a subject after the other, and about other subjects concurrently', async () => {
    answering(undefined);
    const it = registry({ requestTimeoutMs: 200 });
    await Promise.allSettled([it.register('a', text), it.register('a', `${text} `), it.register('b', text)]);
    const subjects = stub.requests.map(({ path }) => path.split('/')[2]);
    expect(subjects.sort()).toStrictEqual(['a', 'b']); // the second of `a` knows by then that nobody answers
  });

  it('goes on behind a schema of the subject that was refused', async () => {
    stub.answer = () =>
      stub.requests.length === 1
        ? { status: 409, body: { error_code: 409, message: 'no' } }
        : { body: { id: 7 } };
    const it = registry();
    const [refused, accepted] = await Promise.allSettled([
      it.register('a', text),
      it.register('a', `${text} `),
    ]);
    expect(refused).toMatchObject({ status: 'rejected', reason: { reason: 'incompatible' } });
    expect(accepted).toMatchObject({ value: 7 });
  });

  it('asks again when another process has just made the subject', async () => {
    const message = "An artifact with ID 'a' in group 'null' already exists.";
    stub.answer = () =>
      stub.requests.length === 1 ? { status: 409, body: { error_code: 409, message } } : { body: { id: 7 } };
    expect(await registry().register('a', text)).toBe(7);
  });

  it('only looks up where it may not register, and reports what to do when there is nothing', async () => {
    answering({ body: { subject: 'a', version: 3, id: 9, schema: text } });
    expect(await registry({ autoRegister: false }).register('a', text)).toBe(9);
    expect(stub.requests[0]).toMatchObject({ method: 'POST', path: '/subjects/a?normalize=False' });
    answering({ status: 404, body: { error_code: 40401, message: "Subject 'a' not found." } });
    const error = await failureOf(registry({ autoRegister: false }).register('a', text));
    expect(error).toMatchObject({ reason: 'not-registered', subject: 'a', retryable: false, fault: 'bus' });
    expect(error.message).toContain('register it, or set autoRegister');
  });

  it.each([
    [409, 409, 'incompatible'],
    [409, 40901, 'incompatible'],
    [422, 42201, 'invalid-schema'],
    [422, 422, 'invalid-schema'],
    [422, 42205, 'not-registered'],
  ])('says who refused what when the answer is %i (%i)', async (status, code, reason) => {
    answering({ status, body: { error_code: code, message: 'a field was removed' } });
    const error = await failureOf(registry().register('orders-string', text));
    expect(error).toBeInstanceOf(SchemaRegistryError);
    expect(error).toMatchObject({ reason, subject: 'orders-string', retryable: false });
    expect(error.message).toMatch(/http:\/\/127.*orders-string.*a field was removed/);
  });

  it('does not ask again at once for what was refused, and asks again later', async () => {
    answering({ status: 409, body: { error_code: 409, message: 'no' } });
    const it = registry();
    const first = await failureOf(it.register('a', text));
    expect(await failureOf(it.register('a', text))).toBe(first);
    expect(stub.requests).toHaveLength(1);
    ahead += 10_000;
    answering({ body: { id: 2 } });
    expect(await it.register('a', text)).toBe(2);
  });

  it.each([401, 403])(
    'reports that the credentials are wrong at %i, without showing them',
    async (status) => {
      answering({ status, body: 'no' });
      const error = await failureOf(
        registry({ auth: { username: 'me', password: 'hunter2' } }).register('a', text),
      );
      expect(error).toMatchObject({ reason: 'access', retryable: false, fault: 'bus' });
      expect(error.message).not.toContain('hunter2');
    },
  );

  it('sends basic credentials, or a token that is asked for each time', async () => {
    const basic = registry({ auth: { username: 'me', password: 'pä:ss' } });
    await basic.register('a', text);
    let tokens = 0;
    const bearer = registry({
      auth: {
        token: async () => {
          tokens += 1;
          return `token-${tokens}`;
        },
      },
    });
    await bearer.register('a', text);
    await bearer.register('b', text);
    expect(stub.requests.map(({ headers }) => headers.authorization)).toStrictEqual([
      `Basic ${Buffer.from('me:pä:ss').toString('base64')}`,
      'Bearer token-1',
      'Bearer token-2',
    ]);
  });

  it.each<[string, StubAnswer]>([
    ['HTML', { body: '<html>welcome</html>' }],
    ['HTML with a 404', { status: 404, body: '<html>not here</html>' }],
    ['JSON of something else with a 404', { status: 404, body: { error_code: 0, message: 'no resource' } }],
    ['JSON of something else', { body: { hello: 'world' } }],
    ['a number', { body: '1' }],
    ['a list', { body: [1] }],
    ['nothing', { body: '' }],
    ['an id that is none', { body: { id: '7' } }],
    ['an id beyond the frame', { body: { id: 2 ** 32 } }],
    ['another status', { status: 405, body: { message: 'no' } }],
  ])('holds %s for no registry, and tries again later', async (_name, answer) => {
    answering(answer);
    const error = await failureOf(registry().register('a', text));
    expect(error).toBeInstanceOf(InfrastructureError);
    expect(error.message).toContain('EVENT_BUS_KAFKA_SCHEMA_REGISTRY_URL');
  });

  it('does not follow a redirect', async () => {
    answering({ status: 302, headers: { location: 'http://127.0.0.1:1/' } });
    const error = await failureOf(registry({ auth: { token: 'x' } }).register('a', text));
    expect(error).toBeInstanceOf(InfrastructureError);
    expect(error.message).toContain('redirect (302)');
  });

  it('reads no more than it may', async () => {
    answering({ body: { id: 1, more: 'x'.repeat(5_000) } });
    const error = await failureOf(registry({ maxResponseBytes: 1_000 }).register('a', text));
    expect(error.message).toContain('more than 1000 bytes');
  });

  it('does not wait longer than it may', async () => {
    answering(undefined);
    const error = await failureOf(registry({ requestTimeoutMs: 50 }).register('a', text));
    expect(error).toBeInstanceOf(InfrastructureError);
    expect(error.message).toContain('no answer within 50 ms');
  });

  it('backs off from a registry that fails, then asks again', async () => {
    answering({ status: 503, body: { error_code: 50301, message: 'no leader' } });
    const it = registry();
    const first = await failureOf(it.register('a', text));
    expect(first).toBeInstanceOf(InfrastructureError);
    expect(first.message).toContain('503: no leader');
    expect(it.failure).toBe(first.message);
    expect(await failureOf(it.register('b', text))).toBe(first);
    expect(await failureOf(it.schemaById(3))).toBe(first);
    expect(stub.requests).toHaveLength(1);
    ahead += 250;
    answering({ body: { id: 5 } });
    expect(await it.register('a', text)).toBe(5);
    expect(it.failure).toBeUndefined();
  });

  it('pauses longer after each failure, up to a second', async () => {
    answering({ status: 500, body: {} });
    const it = registry();
    for (const pauseMs of [250, 500, 1_000, 1_000]) {
      await failureOf(it.register('a', text));
      const asked = stub.requests.length;
      ahead += pauseMs - 100;
      await failureOf(it.register('a', text));
      expect(stub.requests).toHaveLength(asked);
      ahead += 100;
    }
  });

  it('reports why there is no connection', async () => {
    await stub.stop();
    const error = await failureOf(registry().register('a', text));
    expect(error).toBeInstanceOf(InfrastructureError);
    expect(error.message).toContain('cannot be reached (ECONNREFUSED)');
  });
});

describe('ConfluentSchemaRegistry.schemaById', () => {
  it('finds a schema once, and is sync from then on', async () => {
    answering({ body: { schema: text } });
    const it = registry();
    const [first] = await Promise.all([it.schemaById(7), it.schemaById(7)]);
    expect(first).toStrictEqual({ text, fingerprint: fingerprintOf(text) });
    expect(it.schemaById(7)).toBe(first);
    expect(stub.requests).toMatchObject([{ method: 'GET', path: '/schemas/ids/7' }]);
  });

  it('believes for a while that there is none', async () => {
    answering(notFound);
    const it = registry();
    expect(await it.schemaById(7)).toBeUndefined();
    expect(it.schemaById(7)).toBeUndefined();
    expect(stub.requests).toHaveLength(1);
    ahead += 1_000;
    answering({ body: { schema: text } });
    expect(await it.schemaById(7)).toMatchObject({ text });
  });

  it.each<[string, StubAnswer]>([
    ['refused credentials', { status: 401, body: {} }],
    ['a 404 of another server', { status: 404, body: '<html>' }],
    ['another 404', { status: 404, body: { error_code: 40401, message: 'no subject' } }],
    ['a schema that is no text', { body: { schema: { type: 'string' } } }],
    ['garbage', { body: 'garbage' }],
  ])('holds no event to blame for %s', async (_name, answer) => {
    answering(answer);
    expect(await failureOf(registry().schemaById(7))).toBeInstanceOf(InfrastructureError);
  });

  it.each([
    { schema: text, schemaType: 'PROTOBUF' },
    { schema: text, references: [{ name: 'x' }] },
  ])('refuses what it cannot read: %j', async (body) => {
    answering({ body });
    expect(await failureOf(registry().schemaById(7))).toBeInstanceOf(UnusableMessageError);
  });

  it('accepts any answer without breaking', async () => {
    const answer = fc.record({
      status: fc.constantFrom(200, 201, 204, 302, 400, 401, 404, 409, 422, 429, 500),
      body: fc.oneof(fc.json(), fc.string(), fc.constant({ error_code: 40403 })),
    });
    await fc.assert(
      fc.asyncProperty(answer, async (given) => {
        answering(given.status === 204 ? { status: 204 } : given);
        const error = await Promise.resolve(registry().schemaById(7)).then(
          () => undefined,
          (thrown) => thrown,
        );
        expect(
          error === undefined ||
            error instanceof InfrastructureError ||
            error instanceof UnusableMessageError,
        ).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});

describe('ConfluentSchemaRegistry with a directory', () => {
  it('knows what the registry returned once while the registry is down, in another process too', async () => {
    const cacheDirectory = mkdtempSync(join(tmpdir(), 'schemas-'));
    stub.answer = ({ method }) => ({ body: method === 'GET' ? { schema: text } : { id: 7 } });
    const first = registry({ cacheDirectory });
    await first.register('a', text);
    await first.schemaById(9);
    await stub.stop();
    const second = registry({ cacheDirectory });
    expect(await second.register('a', text)).toBe(7);
    expect(await second.schemaById(9)).toMatchObject({ text });
    expect(await failureOf(second.register('b', text))).toBeInstanceOf(InfrastructureError);
    expect(await failureOf(second.schemaById(10))).toBeInstanceOf(InfrastructureError);
    const elsewhere = new ConfluentSchemaRegistry({ url: 'http://127.0.0.1:9', cacheDirectory });
    expect(await failureOf(elsewhere.register('a', text))).toBeInstanceOf(InfrastructureError);
  });

  it('asks a registry that is up, whatever was kept', async () => {
    const cacheDirectory = mkdtempSync(join(tmpdir(), 'schemas-'));
    answering({ body: { id: 7 } });
    await registry({ cacheDirectory }).register('a', text);
    answering({ body: { id: 8 } });
    expect(await registry({ cacheDirectory }).register('a', text)).toBe(8);
  });

  it('leaves no half-written files, and passes over broken ones', async () => {
    const cacheDirectory = mkdtempSync(join(tmpdir(), 'schemas-'));
    await registry({ cacheDirectory }).register('a', text);
    const [folder] = readdirSync(cacheDirectory) as [string];
    const files = readdirSync(join(cacheDirectory, folder));
    expect(files).toStrictEqual([expect.stringMatching(/^registered-[0-9a-f]{64}\.json$/)]);
    const file = join(cacheDirectory, folder, files[0] as string);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toStrictEqual({ id: 1, schema: text });
    writeFileSync(file, '{"id": ');
    await stub.stop();
    expect(await failureOf(registry({ cacheDirectory }).register('a', text))).toBeInstanceOf(
      InfrastructureError,
    );
  });

  it('goes on without a directory that cannot be used', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'schemas-')), 'a-file');
    writeFileSync(file, '');
    expect(await registry({ cacheDirectory: file }).register('a', text)).toBe(1);
  });
});

describe('ConfluentSchemaRegistry.check', () => {
  it('resolves when a registry answers', async () => {
    answering({ body: ['AVRO', 'JSON'] });
    await registry().check();
    expect(stub.requests).toMatchObject([{ path: '/schemas/types' }]);
  });

  it('rejects when something else does', async () => {
    answering({ body: { hello: 'world' } });
    expect(await failureOf(registry().check())).toBeInstanceOf(InfrastructureError);
  });
});

describe('ConfluentSchemaRegistry.untilAnswered', () => {
  it.each([
    ['garbage', { body: '<html>' }, /does not answer as a schema registry/],
    ['another server', { body: { hello: 'world' } }, /that no registry gives/],
    ['a refusal', { status: 401 }, /refuses us \(401\)/],
  ])('reports a server that is no registry as its failure: %s', async (_what, answer, failure) => {
    answering(answer);
    const ending = new AbortController();
    const asking = registry();
    const asked = asking.untilAnswered(ending.signal);
    await expect.poll(() => asking.failure).toMatch(failure);
    ending.abort();
    await asked;
  });

  it('asks again until there is an answer, and reports no failure then', async () => {
    await stub.stop();
    const asking = registry();
    const asked = asking.untilAnswered(new AbortController().signal);
    await expect.poll(() => asking.failure).toMatch(/cannot be reached/);
    answering({ body: ['AVRO'] });
    await stub.start();
    await asked;
    expect(asking.failure).toBeUndefined();
  });
});

it('does not keep the ids of all subjects of topics that a program has made up, and asks again', async () => {
  const ask = vi.spyOn(RegistryHttp.prototype, 'ask');
  onTestFinished(() => ask.mockRestore());
  ask.mockImplementation(async () => ({
    status: 200,
    errorCode: undefined,
    errorMessage: '',
    body: { id: 7 },
  }));
  const it = registry();
  for (let number = 0; number < 10_001; number += 1) await it.register(`course-${number}-string`, text);
  expect(it.register('course-10000-string', text)).toBe(7);
  expect(it.register('course-0-string', text)).toBeInstanceOf(Promise);
  await it.register('course-0-string', text);
  expect(ask).toHaveBeenCalledTimes(10_002);
});
