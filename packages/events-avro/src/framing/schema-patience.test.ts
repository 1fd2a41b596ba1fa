import { type Clock, configureEvents } from '@openedx-ts/events-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SchemaPatience } from './schema-patience.js';

let nowMs = 0;
let restore: Disposable;

beforeEach(() => {
  nowMs = 0;
  const clock: Clock = { now: () => nowMs, monotonic: () => nowMs, sleep: async () => {} };
  restore = configureEvents({ clock });
});
afterEach(() => restore[Symbol.dispose]());

describe('SchemaPatience', () => {
  it('waits once for any number of schemas that never come', () => {
    const patience = new SchemaPatience({ waitMs: 5_000 });
    expect(patience.mustWait('a')).toBe(true);
    nowMs = 4_999;
    expect([patience.mustWait('a'), patience.mustWait('b')]).toStrictEqual([true, true]);
    nowMs = 5_000;
    for (const schema of ['a', 'b', 'c', 'd']) expect(patience.mustWait(schema)).toBe(false);
  });

  it('waits again once a schema that was waited for has come, also when it came too late', () => {
    const patience = new SchemaPatience({ waitMs: 5_000 });
    patience.mustWait('a');
    nowMs = 6_000;
    expect(patience.mustWait('b')).toBe(false);
    patience.found('never missed');
    expect(patience.mustWait('c')).toBe(false);
    patience.found('b');
    expect(patience.mustWait('c')).toBe(true);
  });

  it('waits again some time after the wait was used up', () => {
    const patience = new SchemaPatience({ waitMs: 5_000, renewMs: 60_000 });
    patience.mustWait('a');
    nowMs = 64_999;
    expect(patience.mustWait('b')).toBe(false);
    nowMs = 65_000;
    expect(patience.mustWait('b')).toBe(true);
  });

  it('remembers a limited number of schemas', () => {
    const patience = new SchemaPatience();
    for (let index = 0; index < 1_500; index += 1) patience.mustWait(`schema ${index}`);
    nowMs = 5_000;
    patience.found('schema 1400');
    expect(patience.mustWait('a')).toBe(false);
    patience.found('schema 900');
    expect(patience.mustWait('a')).toBe(true);
  });
});
