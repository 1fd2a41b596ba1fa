import { configureEvents, InfrastructureError } from '@openedx-ts/events-core';
import { systemClock } from '@openedx-ts/events-core/bus';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { patientRegistry } from './patient-registry.js';

const schema = { text: '"string"', fingerprint: 'f' };
let nowMs = 0;
let restore: Disposable;

beforeEach(() => {
  nowMs = 0;
  restore = configureEvents({ clock: { ...systemClock, monotonic: () => nowMs } });
});
afterEach(() => restore[Symbol.dispose]());

describe.each([
  ['at once', (known: typeof schema | undefined) => known],
  ['later', (known: typeof schema | undefined) => Promise.resolve(known)],
])('a registry that answers %s', (_when, answer) => {
  const registry = (known: { schema?: typeof schema | undefined }) =>
    patientRegistry({ register: () => 7, schemaById: () => answer(known.schema) });

  it('lets messages wait five seconds for a schema that it does not have, and then has none', async () => {
    const missing = registry({});
    const look = async () => missing.schemaById(7);
    for (nowMs = 0; nowMs < 5_000; nowMs += 1_000) {
      await expect(look()).rejects.toThrow(InfrastructureError);
      await expect(look()).rejects.toThrow('the schema registry has no schema with the id 7 yet');
    }
    expect(await look()).toBeUndefined();
    expect(await missing.schemaById(8)).toBeUndefined();
  });

  it('waits again after one that was waited for has come', async () => {
    const known: { schema?: typeof schema | undefined } = {};
    const late = registry(known);
    const look = async () => late.schemaById(7);
    await expect(look()).rejects.toThrow(InfrastructureError);
    nowMs = 4_000;
    known.schema = schema;
    expect(await look()).toBe(schema);
    nowMs = 8_000;
    known.schema = undefined;
    await expect(look()).rejects.toThrow(InfrastructureError);
  });

  it('gives ids to schemas', () => {
    expect(registry({}).register('orders-string', '"string"')).toBe(7);
  });
});
