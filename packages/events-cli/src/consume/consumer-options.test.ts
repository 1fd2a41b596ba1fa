import { describe, expect, it } from 'vitest';
import { consumerOptions } from './consumer-options.js';

const named = { topics: ['orders'], group: 'mail' };

describe('consumerOptions', () => {
  it('adds the options of --extra under any name; the bus checks them', () => {
    const extra = '{"maxAttempts": 3, "claim_msgs_older_than": 9007199254740993}';
    expect(consumerOptions({ ...named, extra })).toEqual({
      topics: ['orders'],
      groupId: 'mail',
      maxAttempts: 3,
      claim_msgs_older_than: 9_007_199_254_740_993n,
    });
  });

  it.each([
    ['{"maxAttempts": secret}', 'not valid JSON (at character 16)'],
    ['["secret"]', 'expected a JSON object'],
    ['null', 'expected a JSON object'],
    ['{"maxAttempts": 1, "maxAttempts": 2}', 'an object has a key twice'],
    ['{"groupId": "secret"}', 'groupId is not an option here: give --group'],
    ['{"topic": "secret"}', 'topic is not an option here: give --topic'],
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
