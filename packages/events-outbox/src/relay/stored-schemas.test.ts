import { fingerprintOf } from '@openedx-ts/events-avro';
import type { SqlDatabase } from '@openedx-ts/events-sql';
import { expect, it } from 'vitest';
import type { OutboxStore } from '../store/outbox-store.js';
import { RelayDatabase } from './relay-database.js';
import { StoredSchemas } from './stored-schemas.js';

const noBytes = new Uint8Array();

/** A schema of so many characters, and a little more. */
function schemaOf(name: string, characters: number) {
  const text = JSON.stringify({ type: 'record', name, doc: 'x'.repeat(characters), fields: [] });
  return { text, fingerprint: fingerprintOf(text) };
}

it('finds a schema again after somebody has repaired its text', async () => {
  const schema = schemaOf('Repaired', 10);
  let { text } = schemaOf('Changed', 10);
  const { fingerprint } = schema;
  const store = { readSchemas: async () => new Map([[fingerprint, { fingerprint, text }]]) };
  const schemas = new StoredSchemas(
    new RelayDatabase({} as SqlDatabase<unknown>),
    store as unknown as OutboxStore,
  );
  const problem = async () => (await schemas.find(new Set([fingerprint]))).get(fingerprint)?.problem(noBytes);
  expect(await problem()).toMatch(/the text stored for schema .+ is another/);
  text = schema.text;
  expect(await problem()).toBeUndefined();
});

it('keeps schemas for later batches although several topics have read one at the same time', async () => {
  const large = schemaOf('Large', 600_000);
  let reads = 0;
  const store = {
    readSchemas: async () => {
      reads += 1;
      return new Map([[large.fingerprint, large]]);
    },
  };
  const database = new RelayDatabase({} as SqlDatabase<unknown>);
  const schemas = new StoredSchemas(database, store as unknown as OutboxStore);
  const find = () => schemas.find(new Set([large.fingerprint]));
  await Promise.all([find(), find(), find()]);
  await find();
  expect(reads).toBe(3);
});
