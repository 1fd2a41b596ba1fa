import { expect, it } from 'vitest';
import { sizeOfMessage } from './size-of-message.js';

const bytes = (text: string) => Buffer.from(text);

it('counts key, value, headers and what Kafka puts around them', () => {
  const headers = [['é', bytes('x')]] as const;
  const size = sizeOfMessage({ topic: 't', key: bytes('key'), value: bytes('value'), headers });
  expect(size).toBe(61 + 36 + 3 + 5 + (10 + 2 + 1));
});
