import { configureEvents, InfrastructureError } from '@openedx-ts/events-core';
import { systemClock, UnusableMessageError } from '@openedx-ts/events-core/bus';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfluentSchemaRegistry } from './confluent-schema-registry.js';
import { type StubAnswer, StubRegistry } from './stub-registry.test-support.js';

const text = '{"name": "username", "type": "string"}';
const notFound: StubAnswer = { status: 404, body: { error_code: 40403, message: 'Schema not found' } };
const redirect: StubAnswer = { status: 302, headers: { location: 'http://127.0.0.1:1/' } };

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

const registry = () =>
  new ConfluentSchemaRegistry({ url: stub.url, requestTimeoutMs: 400, maxResponseBytes: 10_000 });
const failureOf = async (work: () => unknown): Promise<unknown> => {
  try {
    return await work();
  } catch (error) {
    return error;
  }
};
/** A registry that has schema 1 and gives one answer to all ids from 7 to 99. */
const oddFor = (answer: StubAnswer | undefined) => {
  stub.answer = ({ path }) => {
    const id = Number(path.split('/').at(-1));
    if (id >= 7 && id <= 99) return answer;
    return id === 1 ? { body: { schema: text } } : notFound;
  };
};

describe('SchemasById', () => {
  it('reads a schema whose registry writes null for what it leaves out: type and references', async () => {
    stub.answer = () => ({ body: { schema: text, schemaType: null, references: null } });
    expect(await registry().schemaById(7)).toMatchObject({ text });
  });

  it.each<[string, StubAnswer | undefined]>([
    ['a text that is too large', { body: { schema: 'x'.repeat(20_000) } }],
    ['a refusal of access', { status: 403, body: { error_code: 40301, message: 'no' } }],
    ['a request for other credentials', { status: 401, body: {} }],
    ['an error of the server', { status: 500, body: { error_code: 50001, message: 'broken' } }],
    ['a schema that is no text', { body: { schema: 5 } }],
    ['a list', { body: [] }],
    ['a page', { body: '<html>welcome</html>' }],
    ['a page that is not found', { status: 404, body: '<html>' }],
    ['an error of another kind', { status: 404, body: { error_code: 404, message: 'HTTP 404 Not Found' } }],
    ['a redirect', redirect],
    ['nothing', undefined],
  ])(
    'blames one id when the registry gives %s for it alone, and lets others be read',
    async (_what, answer) => {
      oddFor(answer);
      const schemas = registry();
      const first = await failureOf(() => schemas.schemaById(7));
      expect(first).toBeInstanceOf(InfrastructureError);
      expect((first as Error).message).toMatch(
        /^schema 7 cannot be read although the registry answers for other ids: /,
      );
      expect(await schemas.schemaById(1)).toMatchObject({ text });
      expect(schemas.failure).toBeUndefined();
      ahead += 5_000;
      expect(await failureOf(() => schemas.schemaById(7))).toBeInstanceOf(UnusableMessageError);
      const asked = stub.requests.length;
      expect(await failureOf(() => schemas.schemaById(7))).toBeInstanceOf(UnusableMessageError);
      expect(stub.requests).toHaveLength(asked);
      ahead += 10_000;
      oddFor({ body: { schema: text } });
      expect(await schemas.schemaById(7)).toMatchObject({ text });
    },
  );

  it.each([
    ['of another type', { schema: text, schemaType: 'PROTOBUF' }],
    ['with references', { schema: text, references: [{ name: 'other' }] }],
  ])('asks once for many events of a schema %s', async (_what, body) => {
    oddFor({ body });
    const it = registry();
    for (let event = 0; event < 5; event += 1)
      expect(await failureOf(() => it.schemaById(7))).toBeInstanceOf(UnusableMessageError);
    expect(stub.requests).toHaveLength(1);
    ahead += 10_000;
    await failureOf(() => it.schemaById(7));
    expect(stub.requests).toHaveLength(2);
  });

  it('waits once for all ids that cannot be read together', async () => {
    oddFor({ status: 500, body: {} });
    const schemas = registry();
    await failureOf(() => schemas.schemaById(7));
    ahead += 5_000;
    for (const id of [8, 9, 10])
      expect(await failureOf(() => schemas.schemaById(id))).toBeInstanceOf(UnusableMessageError);
  });

  it.each<[string, StubAnswer | undefined]>([
    ['refuses access', { status: 403, body: {} }],
    ['fails', { status: 500, body: {} }],
    ['answers with pages', { body: '<html>' }],
    ['is silent', undefined],
  ])('blames no id while the registry %s for all, however long', async (_what, answer) => {
    stub.answer = () => answer;
    const schemas = registry();
    for (let attempt = 0; attempt < 3; attempt += 1) {
      expect(await failureOf(() => schemas.schemaById(7))).toBeInstanceOf(InfrastructureError);
      expect(schemas.failure).toBeDefined();
      ahead += 60_000;
    }
    oddFor(notFound);
    expect(await schemas.schemaById(7)).toBeUndefined();
    expect(schemas.failure).toBeUndefined();
  });

  it('blames no id when access to the schemas that were read before is refused too', async () => {
    oddFor(notFound);
    const schemas = registry();
    await schemas.schemaById(1);
    stub.answer = ({ path }) => (path.endsWith('/2147483647') ? notFound : { status: 403, body: {} });
    ahead += 60_000;
    await failureOf(() => schemas.schemaById(7));
    ahead += 60_000;
    expect(await failureOf(() => schemas.schemaById(7))).toBeInstanceOf(InfrastructureError);
  });

  it('keeps no more text than it may', async () => {
    const schemas = new ConfluentSchemaRegistry({ url: stub.url });
    stub.answer = ({ path }) => ({ body: { schema: `"${path.padEnd(4_900_000, 'x')}"` } });
    for (let id = 1; id <= 6; id += 1) await schemas.schemaById(id);
    expect(schemas.schemaById(6)).not.toBeInstanceOf(Promise);
    expect(schemas.schemaById(3)).not.toBeInstanceOf(Promise);
    const first = schemas.schemaById(1);
    expect(first).toBeInstanceOf(Promise);
    await first;
  });
});
