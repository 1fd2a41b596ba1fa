import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askSchemaRegistry } from './ask-schema-registry.js';
import { schemaRegistryOrReason } from './schema-registry-or-reason.js';
import type { SchemaRegistryServer } from './schema-registry-server.js';

const registry = await schemaRegistryOrReason({ own: true });

describe.skipIf(registry.reason)(registry.titled('startSchemaRegistry'), () => {
  let server: SchemaRegistryServer;

  beforeAll(async () => {
    server = await registry.start();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it('gives a registry with the Confluent API at its URL', async () => {
    const { id } = await register(server, 'first-value', '{"name": "username", "type": "string"}');
    const schema = await fetch(`${server.url}/schemas/ids/${id}`);
    expect(await schema.json()).toMatchObject({ schema: '{"name": "username", "type": "string"}' });
    expect(await (await fetch(`${server.url}/subjects`)).json()).toEqual(['first-value']);
    const unknown = await fetch(`${server.url}/schemas/ids/12345`);
    expect(unknown.status).toBe(404);
    expect(await unknown.json()).toMatchObject({ error_code: 40403 });
  });

  it('keeps schemas and ids over SIGKILL and restart, on the same port', async () => {
    const text = '{"name": "course_key", "type": "string"}';
    const before = await register(server, 'kept', text);
    await server.kill();
    expect(await askSchemaRegistry(server.url, 100)).toBeUndefined();
    await server.start();
    expect(await register(server, 'kept', text)).toEqual(before);
    await server.restart();
    expect(await register(server, 'kept', text)).toEqual(before);
  });

  it('accepts connections and does not answer while frozen', async () => {
    await server.freeze();
    expect(await askSchemaRegistry(server.url, 100)).toBeUndefined();
    await server.unfreeze();
    expect(await askSchemaRegistry(server.url, 1000)).toBeDefined();
  });
});

async function register(server: SchemaRegistryServer, subject: string, schema: string) {
  const answer = await fetch(`${server.url}/subjects/${subject}/versions`, {
    method: 'POST',
    headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
    body: JSON.stringify({ schema }),
  });
  expect(answer.status).toBe(200);
  return (await answer.json()) as { readonly id: number };
}
