import { describe, expect, it } from 'vitest';
import {
  decodeAssignment,
  decodeSubscription,
  encodeAssignment,
  encodeSubscription,
} from './consumer-protocol.js';

describe('the consumer protocol', () => {
  it('brings subscriptions and assignments to other members', () => {
    expect(decodeSubscription(encodeSubscription(['a', 'b']))).toStrictEqual(['a', 'b']);
    const assignment = new Map([['a', [0, 2]]]);
    expect(decodeAssignment(encodeAssignment(assignment))).toStrictEqual(assignment);
    expect(decodeAssignment(Buffer.alloc(0))).toStrictEqual(new Map());
  });

  it.each([
    '',
    '00',
    '0000',
    '00007fffffff',
    '0000000000020001',
    '000000000001000161',
    'ffffffffffffffffffff',
  ])('takes the bytes %s of another member for no topic, and never throws', (hex) => {
    const bytes = Buffer.from(hex, 'hex');
    expect(decodeSubscription(bytes).filter((topic) => topic !== 'a')).toStrictEqual([]);
    expect([...(decodeAssignment(bytes) ?? new Map())]).toStrictEqual([]);
  });

  it('reads topics and partitions that are named twice once', () => {
    expect(decodeSubscription(encodeSubscription(['a', 'a']))).toStrictEqual(['a']);
    const twice = Buffer.from('00000000000200016100000002000000010000000100016100000001000000020000', 'hex');
    expect(decodeAssignment(twice)).toStrictEqual(new Map([['a', [1, 2]]]));
  });
});
