import { DateTime } from '@openedx-ts/events-core';
import { describe, expect, it } from 'vitest';
import { consumerOptions, startPosition } from './consumer-options.js';

const named = { topics: ['orders'], group: 'mail' };

describe('consumerOptions', () => {
  it('adds what --extra says, under whatever names, and leaves the checks to the bus', () => {
    const extra = '{"maxAttempts": 3, "claim_msgs_older_than": 9007199254740993}';
    expect(consumerOptions({ ...named, extra })).toEqual({
      topics: ['orders'],
      groupId: 'mail',
      maxAttempts: 3,
      claim_msgs_older_than: 9_007_199_254_740_993n,
    });
  });

  it.each([
    ['{"maxAttempts": secret}', 'no valid JSON (at character 16)'],
    ['["secret"]', 'expected a JSON object'],
    ['null', 'expected a JSON object'],
    ['{"maxAttempts": 1, "maxAttempts": 2}', 'one object has a key twice'],
    ['{"groupId": "secret"}', 'groupId is given with --group'],
    ['{"topic": "secret"}', 'topic is given with --topic'],
    ['{"codec": {}}', 'events are read as Avro'],
  ])('refuses --extra %s', (extra, reason) => {
    const refused = () => consumerOptions({ ...named, extra });
    expect(refused).toThrow(expect.objectContaining({ code: 'CLI_USAGE' }));
    expect(refused).toThrow(reason);
    expect(refused).not.toThrow('secret');
  });

  it('refuses a topic that is named twice, and two start positions', () => {
    expect(() => consumerOptions({ ...named, topics: ['a', 'a'] })).toThrow('twice');
    expect(() => consumerOptions({ ...named, from: 'resume', extra: '{"startFrom": "earliest"}' })).toThrow(
      'one',
    );
  });
});

describe('startPosition', () => {
  it.each(['resume', 'earliest'] as const)('takes %s', (from) => {
    expect(startPosition(from)).toBe(from);
  });

  it.each(['1718-0', '1679676448892', '0:17'])('takes the position %s', (from) => {
    expect(startPosition(from)).toEqual({ position: from });
  });

  it('takes a time with an offset', () => {
    expect(startPosition('2026-01-31T12:00:00+01:00')).toEqual({
      time: DateTime.from('2026-01-31T12:00:00+01:00'),
    });
  });

  it.each(['2026-01-31', '2026-01-31T12:00:00', '2026-13-31T12:00:00Z'])('refuses the time %s', (from) => {
    expect(() => startPosition(from)).toThrow('expected a time with an offset');
  });
});
