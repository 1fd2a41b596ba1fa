import { describe, expect, it } from 'vitest';
import { ProduceFailedError } from '../../errors/bus-errors.js';
import { InfrastructureError } from '../../errors/receiver-errors.js';
import type { Header, Message } from '../../wire/message.js';
import { hasOmittedValue, omittedValueOf } from '../../wire/omitted-value.js';
import { storeDeadLetter } from './store-dead-letter.js';

const value = new Uint8Array(2_000).fill(7);
const letter: Message = {
  topic: 'orders.mail.dlq',
  key: Buffer.from('k'),
  value,
  headers: [
    ['ce_type', Buffer.from('a.b')],
    ['large', new Uint8Array(20_000)],
    ['dlq-source', Buffer.from('orders@0:17')],
  ],
};
const refusing =
  (stored: Message[], isRefused: (message: Message) => boolean, isTooLarge = true) =>
  async (message: Message) => {
    if (isRefused(message))
      throw new ProduceFailedError(message.topic, 'no', { retryable: false, isTooLarge });
    stored.push(message);
  };

describe('storeDeadLetter', () => {
  it('stores a dead letter as it is', async () => {
    const stored: Message[] = [];
    expect(
      await storeDeadLetter(
        letter,
        refusing(stored, () => false),
      ),
    ).toBe(letter);
    expect(stored).toEqual([letter]);
    expect(omittedValueOf(letter)).toBeUndefined();
  });

  it('stores one that is too large without its value, with what is needed to find that again', async () => {
    const stored: Message[] = [];
    await storeDeadLetter(
      letter,
      refusing(stored, (message) => message.value !== null),
    );
    const [facts] = stored as [Message];
    expect(facts).toMatchObject({ topic: letter.topic, key: letter.key, value: null });
    expect(facts.headers.map(([name]) => name)).toEqual([
      'ce_type',
      'dlq-source',
      'dlq-value-bytes',
      'dlq-value-sha256',
    ]);
    const omitted = omittedValueOf(facts);
    expect(omitted?.bytes).toBe(2_000);
    expect(omitted && hasOmittedValue(letter, omitted)).toBe(true);
    expect(omitted && hasOmittedValue({ ...letter, value: value.slice(1) }, omitted)).toBe(false);
  });

  it('leaves out headers that are too many, even if they are empty', async () => {
    const stored: Message[] = [];
    const empty = Array.from({ length: 400_000 }, (): Header => ['', null]);
    const isLong = ({ headers }: Message) => headers.length > 10_000;
    await storeDeadLetter({ ...letter, headers: [...letter.headers, ...empty] }, refusing(stored, isLong));
    const names = stored[0]?.headers.map(([name]) => name);
    expect(names).toEqual(expect.arrayContaining(['ce_type', 'dlq-source', 'dlq-value-sha256']));
  });

  it('leaves out a large key as well', async () => {
    const stored: Message[] = [];
    const large = { ...letter, key: new Uint8Array(5_000) };
    await storeDeadLetter(
      large,
      refusing(stored, (message) => message.value !== null),
    );
    expect(stored[0]?.key).toBeNull();
  });

  it.each([true, false])(
    'has its lane wait while even the facts are refused (too large: %s)',
    async (isTooLarge) => {
      const storing = storeDeadLetter(
        letter,
        refusing([], () => true, isTooLarge),
      );
      await expect(storing).rejects.toBeInstanceOf(InfrastructureError);
    },
  );

  it('passes on every other error', async () => {
    const storing = storeDeadLetter(letter, async () => {
      throw new TypeError('a bug');
    });
    await expect(storing).rejects.toBeInstanceOf(TypeError);
  });
});
