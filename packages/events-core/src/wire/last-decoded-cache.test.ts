import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LastDecodedCache } from './last-decoded-cache.js';

const bytesOf = (text: string) => new TextEncoder().encode(text);

describe('LastDecodedCache', () => {
  it('remembers what the same bytes were read as, for each place', () => {
    const steady = new LastDecodedCache();
    steady.remember(0, bytesOf('lms'), 'the lms');
    steady.remember(2, bytesOf('cms'), { name: 'the cms' });
    expect(steady.recall(0, bytesOf('lms'))).toBe('the lms');
    expect(steady.recall(2, bytesOf('cms'))).toEqual({ name: 'the cms' });
    expect([steady.recall(1, bytesOf('lms')), steady.recall(9, bytesOf('lms'))]).toEqual([
      undefined,
      undefined,
    ]);
  });

  it('remembers the last only', () => {
    const steady = new LastDecodedCache();
    steady.remember(0, bytesOf('a'), 1);
    steady.remember(0, bytesOf('b'), 2);
    expect([steady.recall(0, bytesOf('a')), steady.recall(0, bytesOf('b'))]).toEqual([undefined, 2]);
  });

  it('is not deceived when the memory that the bytes lay in is used for others', () => {
    const steady = new LastDecodedCache();
    const socket = bytesOf('lms');
    steady.remember(0, socket, 'the lms');
    socket.set(bytesOf('cms'));
    expect(steady.recall(0, socket)).toBeUndefined();
    expect(steady.recall(0, bytesOf('lms'))).toBe('the lms');
  });

  it('keeps nothing long', () => {
    const steady = new LastDecodedCache();
    steady.remember(0, new Uint8Array(256), 'longest');
    steady.remember(1, new Uint8Array(257), 'too long');
    expect(steady.recall(0, new Uint8Array(256))).toBe('longest');
    expect(steady.recall(1, new Uint8Array(257))).toBeUndefined();
  });

  it('never treats different bytes as the same', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 6 }), fc.uint8Array({ maxLength: 6 }), (one, other) => {
        const steady = new LastDecodedCache();
        steady.remember(0, one, 'one');
        const isSame = Buffer.compare(one, other) === 0;
        expect(steady.recall(0, other)).toBe(isSame ? 'one' : undefined);
      }),
    );
  });
});
