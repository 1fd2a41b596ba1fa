import { readFileSync } from 'node:fs';
import { type SchemaRegistryServer, schemaRegistryOrReason } from '@openedx-ts/brokers';
import { fingerprintOf } from '@openedx-ts/events-avro';
import { InfrastructureError } from '@openedx-ts/events-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConfluentSchemaRegistry } from './confluent-schema-registry.js';
import type { SchemaRegistryOptions } from './schema-registry-options.js';

interface Captured {
  readonly subjects: readonly {
    readonly subject: string;
    readonly schema_text: string;
    readonly id: number;
  }[];
}

const file = new URL('../../../../interop/data/wire/kafka_registry.json', import.meta.url);
const { subjects } = JSON.parse(readFileSync(file, 'utf8')) as Captured;
const found = await schemaRegistryOrReason({ own: true });

describe.skipIf(found.reason !== undefined)(found.titled('ConfluentSchemaRegistry'), () => {
  let server: SchemaRegistryServer;

  beforeAll(async () => {
    server = await found.start();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  const registry = (options: Partial<SchemaRegistryOptions> = {}) =>
    new ConfluentSchemaRegistry({ url: server.url, ...options });
  const failureOf = (work: unknown) =>
    Promise.resolve(work).then(
      () => undefined,
      (error: unknown) => error,
    );

  it('registers what the Python producer registers, and finds it again byte for byte', async () => {
    const writer = registry();
    const ids = new Map<string, number>();
    for (const { subject, schema_text } of subjects) {
      const id = await writer.register(subject, schema_text);
      expect(ids.get(schema_text) ?? id).toBe(id); // one id for a text, in whatever subject
      ids.set(schema_text, id);
    }
    const reader = registry();
    for (const [text, id] of ids) {
      expect(await reader.schemaById(id)).toStrictEqual({ text, fingerprint: fingerprintOf(text) });
    }
  });

  it('gets the same id again, and another for another text', async () => {
    const text = '{"name": "username", "type": "string"}';
    const id = await registry().register('t-string', text);
    expect(await registry().register('t-string', text)).toBe(id);
    expect(await registry().register('t-string', '{"name": "usage_key", "type": "string"}')).not.toBe(id);
  });

  it('registers many schemas of a new subject that are asked for at once', async () => {
    const texts = Array.from({ length: 20 }, (_, index) => `{"name": "key_${index}", "type": "string"}`);
    const it = registry();
    const ids = await Promise.all(texts.map((text) => it.register('busy-string', text)));
    expect(new Set(ids).size).toBe(texts.length);
  });

  it('knows that there is no schema of an id', async () => {
    expect(await registry().schemaById(1_000_000)).toBeUndefined();
  });

  it('only looks up where it may not register', async () => {
    const text = '{"name": "username", "type": "string"}';
    const id = await registry().register('looked-up-string', text);
    expect(await registry({ autoRegister: false }).register('looked-up-string', text)).toBe(id);
    for (const subject of ['looked-up-string', 'not-there']) {
      const error = await failureOf(registry({ autoRegister: false }).register(subject, '{"type": "long"}'));
      expect(error).toMatchObject({ reason: 'not-registered', subject });
    }
  });

  it('reports what is wrong with a schema that the registry refuses', async () => {
    const text = JSON.stringify({
      type: 'record',
      name: 'CloudEvent',
      namespace: 'org.example.a-b.v1',
      fields: [],
    });
    const error = await failureOf(registry().register('hyphen-org.example.a-b.v1.CloudEvent', text));
    expect(error).toMatchObject({
      reason: 'invalid-schema',
      fault: 'event',
      subject: 'hyphen-org.example.a-b.v1.CloudEvent',
    });
    expect((error as Error).message).toContain('namespace with a hyphen');
  });

  it('reports what is incompatible', async () => {
    const schema = (fields: readonly object[]) =>
      JSON.stringify({ type: 'record', name: 'CloudEvent', namespace: 'org.example.v1', fields });
    const subject = 'strict-org.example.v1.CloudEvent';
    await registry().register(subject, schema([]));
    const answer = await fetch(`${server.url}/config/${subject}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ compatibility: 'BACKWARD' }),
    });
    expect(answer.status).toBe(200);
    const error = await failureOf(registry().register(subject, schema([{ name: 'a', type: 'string' }])));
    expect(error).toMatchObject({ reason: 'incompatible', subject, retryable: false });
  });

  it('reports that the path is wrong', async () => {
    const url = new URL(server.url).origin;
    for (const ask of [
      () => registry({ url }).register('a', '"string"'),
      () => registry({ url }).schemaById(1),
    ]) {
      const error = await failureOf(ask());
      expect(error).toBeInstanceOf(InfrastructureError);
      expect((error as Error).message).toContain('check the URL and its path');
    }
  });

  it('sees whether a registry is there', async () => {
    await registry().check();
    expect(await failureOf(registry({ url: new URL(server.url).origin }).check())).toBeInstanceOf(
      InfrastructureError,
    );
  });
});
