import { configureEvents, InvalidOptionsError } from '@openedx-ts/events-core';
import { describe, expect, it } from 'vitest';
import { eventBus } from '../event-bus.js';
import { fromPythonConsumerOptions, type PythonConsumerOptions } from './python-consumer-options.js';

const base = { topics: ['items'], groupId: 'g' };
const translated = (given: object) => fromPythonConsumerOptions({ ...base, ...given });

describe('fromPythonConsumerOptions', () => {
  it('leaves other options as they are', () => {
    const options = { startFrom: 'resume', consumerName: 'c', batchSize: 7 };
    expect(translated(options)).toEqual({ options: { ...base, ...options }, warnings: [] });
  });

  it.each<[PythonConsumerOptions, object]>([
    [{ consumer_name: 'c1' }, { consumerName: 'c1' }],
    [{ check_backlog: true }, { startFrom: 'earliest' }],
    [{ claim_msgs_older_than: 1_800_000 }, { claimIdleMs: 1_800_000 }],
  ])('takes %j for what is safe here, without a warning', (given, expected) => {
    expect(translated(given)).toEqual({ options: { ...base, ...expected }, warnings: [] });
  });

  it.each<[PythonConsumerOptions, object, RegExp]>([
    [{ check_backlog: false }, { startFrom: 'resume' }, /continues at its position/],
    [
      { last_read_msg_id: '1679676448892-0' },
      { startFrom: { position: '1679676448892-1' } },
      /not moved.*To replay/,
    ],
    [{ last_read_msg_id: '17' }, { startFrom: { position: '17-1' } }, /not moved/],
    [{ last_read_msg_id: '$' }, { startFrom: 'resume' }, /not moved/],
    [{ last_read_msg_id: '5-0', check_backlog: true }, { startFrom: { position: '5-1' } }, /not moved/],
  ])('translates %j, and warns of what differs from Python', (given, expected, warning) => {
    const { options, warnings } = translated(given);
    expect(options).toEqual({ ...base, ...expected });
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(warning);
  });

  it('ignores null, as JSON may contain it', () => {
    expect(translated({ last_read_msg_id: null, claim_msgs_older_than: null, consumer_name: null })).toEqual({
      options: base,
      warnings: [],
    });
  });

  it.each([
    [{ consumer_nam: 'c' }, 'consumer_nam', /did you mean consumer_name\?/],
    [{ check_backlogs: true }, 'check_backlogs', /did you mean check_backlog\?/],
    [{ batchsize: 1 }, 'batchsize', /did you mean batchSize\?/],
    [{ offset_time: 'x' }, 'offset_time', /unknown option$/],
    [{ check_backlog: 'true' }, 'check_backlog', /true or false/],
    [{ last_read_msg_id: 'newest' }, 'last_read_msg_id', /id of an entry/],
    [{ claim_msgs_older_than: '5' }, 'claim_msgs_older_than', /milliseconds/],
    [{ consumer_name: '' }, 'consumer_name', /not empty/],
    [{ consumer_name: 'a', consumerName: 'a' }, 'consumer_name', /same as consumerName/],
    [{ check_backlog: true, startFrom: 'earliest' }, 'check_backlog', /same as startFrom/],
    [{ claim_msgs_older_than: 1, claimIdleMs: 1 }, 'claim_msgs_older_than', /same as claimIdleMs/],
  ])('refuses %j', (given, path, message) => {
    let error: unknown;
    try {
      translated(given);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(InvalidOptionsError);
    expect((error as InvalidOptionsError).issues).toEqual([
      { path, message: expect.stringMatching(message) },
    ]);
  });
});

describe('eventBus.createConsumer', () => {
  it('accepts the Python names and logs what differs', async () => {
    const warnings: string[] = [];
    const nothing = () => {};
    const logger = {
      debug: nothing,
      info: nothing,
      error: nothing,
      warn: (_facts: object, message: string) => void warnings.push(message),
    };
    using _settings = configureEvents({ logger });
    const env = { EVENT_BUS_REDIS_CONNECTION_URL: 'redis://localhost:6379/0' };
    const extra: PythonConsumerOptions = { consumer_name: 'c1', check_backlog: false };
    await using consumer = await eventBus.createConsumer(env, { ...base, ...extra });
    expect(consumer.state).toBe('idle');
    expect(warnings).toEqual([expect.stringMatching(/check_backlog: false/)]);
  });
});
