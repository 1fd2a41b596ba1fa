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
});
