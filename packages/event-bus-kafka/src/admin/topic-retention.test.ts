import { describe, expect, it } from 'vitest';
import { retentionMsOf, topicRetention } from './topic-retention.js';

const configOf = (config: Readonly<Record<string, string>>) => new Map(Object.entries(config));
const week = { 'retention.ms': '604800000', 'retention.bytes': '-1' };
const unreadable = { reason: 'not allowed', error: new Error('not allowed') };

describe('topicRetention', () => {
  it.each([
    [configOf(week), { maxAgeMs: 604_800_000, maxBytes: null, maxMessages: null }],
    [
      configOf({ ...week, 'retention.bytes': '900' }),
      { maxAgeMs: 604_800_000, maxBytes: 900, maxMessages: null },
    ],
    [
      configOf({ ...week, 'cleanup.policy': 'compact' }),
      { maxAgeMs: null, maxBytes: null, maxMessages: null },
    ],
    [unreadable, undefined],
  ])('of %j', (config, expected) => {
    expect(topicRetention(config)).toEqual(expected);
  });
});

describe('retentionMsOf', () => {
  it.each([
    [configOf(week), 604_800_000],
    [configOf({ ...week, 'retention.ms': '-1' }), Infinity],
    [configOf({ ...week, 'cleanup.policy': 'compact' }), Infinity],
    [configOf({ ...week, 'cleanup.policy': 'compact,delete' }), 604_800_000],
    [new Map(), undefined],
    [unreadable, undefined],
  ])('of %j is %s', (config, expected) => {
    expect(retentionMsOf(config)).toBe(expected);
  });
});
