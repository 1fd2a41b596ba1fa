import { expect, it } from 'vitest';
import { bufferedBytes } from './buffered-bytes.js';
import type { Header, Message } from './message.js';

it('counts headers without name and value, which take memory too', () => {
  const headers = (length: number) => Array.from({ length }, (): Header => ['', null]);
  const message: Message = { topic: 'loans', key: null, value: Buffer.from('x'), headers: [] };
  expect(bufferedBytes(message)).toBe(1);
  expect(bufferedBytes({ ...message, headers: headers(100_000) })).toBeGreaterThan(5_000_000);
});
