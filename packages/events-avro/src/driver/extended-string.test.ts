import { defineSignal, string } from '@openedx-ts/events-core';
import { expect, it, vi } from 'vitest';
import { avroCodec } from '../codec/avro-codec.js';

/** Where a package extends String, as ioredis does, each look-up of a method costs ten times as much. */
it('looks up no method of String for the characters of a text', async () => {
  const fields = { name: string(), city: string() };
  const signal = defineSignal({ eventType: 'org.example.codec.speed.measured.v1', data: fields });
  const codec = await avroCodec().bind(signal as never);
  const charCodeAt = vi.spyOn(String.prototype, 'charCodeAt');
  codec.encode({ name: 'Ada Lovelace, Countess', city: 'Zürich' });
  const { calls } = charCodeAt.mock;
  charCodeAt.mockRestore();
  expect(calls).toHaveLength(0);
});
