import { describe, expect, it } from 'vitest';
import { EventsError, type EventsErrorCode } from '../../errors/events-error.js';
import {
  DeadLetterEventError,
  DropEventError,
  FatalReceiverError,
  InfrastructureError,
  RetryEventError,
} from '../../errors/receiver-errors.js';
import { settle } from '../../runtime/manual-clock.test-support.js';
import type { ReceiverPolicy } from '../../signals/receiver-policy.js';
import { ConsumerBench, deadLettersOf } from '../consumer-bench.test-support.js';

const bench = new ConsumerBench();

/** Connects a receiver that throws that each time; gives how often it ran. */
function throwing(name: string, error: () => unknown, policy?: ReceiverPolicy) {
  const ran = { times: 0 };
  const receiver = async () => {
    ran.times += 1;
    throw error();
  };
  bench.signal.connect(receiver, { name, ...(policy === undefined ? {} : { policy }) });
  return ran;
}

const retry = (retryAfterMs?: number) => () =>
  new RetryEventError('busy', retryAfterMs === undefined ? {} : { retryAfterMs });
const drop = () => new DropEventError('not ours');
const park = () => new DeadLetterEventError('no such course');
const fatal = () => new FatalReceiverError('wrong database');
const broken = () => new Error('broken');

const untilOver = async () => {
  for (let turn = 0; turn < 20; turn += 1) await bench.clock.advance(1_000);
};

describe('RetryEventError', () => {
  it('decides when the receiver is tried again', async () => {
    const ran = throwing('busy', retry(7_000));
    const { consumer } = await bench.consume({ maxAttempts: 3 }, 1);
    await bench.clock.advance(6_999);
    expect(ran.times).toBe(1);
    await bench.clock.advance(1);
    expect(ran.times).toBe(2);
    await bench.clock.advance(7_000);
    expect(deadLettersOf(consumer)).toMatchObject([
      { 'dlq-code': 'EVENTS_RETRY_EVENT', 'dlq-attempts': '3', 'dlq-message': 'RetryEventError: busy' },
    ]);
  });

  it('waits as the policy states when it does not decide', async () => {
    const ran = throwing('busy', retry());
    await bench.consume({ receiverTimeoutMs: Number.POSITIVE_INFINITY }, 1);
    expect(bench.clock.pending).toEqual([100]);
    await bench.clock.advance(100);
    expect(ran.times).toBe(2);
  });

  it('may ask to be tried at once', async () => {
    const ran = throwing('busy', retry(0));
    const { consumer } = await bench.consume({ maxAttempts: 3 }, 1);
    await bench.clock.advance(0);
    expect(ran.times).toBe(3);
    expect(consumer.deadLetters).toHaveLength(1);
  });

  it('makes the other receivers that failed wait with it', async () => {
    const other = throwing('other', broken);
    const busy = throwing('busy', retry(7_000));
    await bench.consume({}, 1);
    await bench.clock.advance(6_999);
    expect([other.times, busy.times]).toEqual([1, 1]);
    await bench.clock.advance(1);
    expect([other.times, busy.times]).toEqual([2, 2]);
  });
});

describe('DropEventError', () => {
  it('counts as done, with a count and no alarm', async () => {
    const ran = throwing('choosy', drop);
    const { consumer } = await bench.consume({ onFailure: 'stop' }, 1);
    await untilOver();
    expect([ran.times, consumer.deadLetters, consumer.acknowledged]).toEqual([1, [], [['a', 1]]]);
    expect(bench.factsOf('event.dropped')).toEqual([
      {
        type: 'event.dropped',
        system: 'kafka',
        eventType: 'org.openedx.learning.count.changed.v1',
        topic: 'counts',
        groupId: 'g',
        code: 'EVENTS_DROP_EVENT',
        receiver: 'choosy',
        durationMs: null,
      },
    ]);
    expect(bench.factsOf('event.handled')).toMatchObject([{ attempts: 1 }]);
    expect(bench.logger.lines).toEqual([]);
    expect(bench.factsOf('receiver.failed')).toEqual([]);
  });

  it('ends a row of failures like any handled event', async () => {
    throwing('choosy', drop);
    const { consumer } = await bench.consume({ maxConsecutiveFailures: 1 }, 1, 2);
    expect([consumer.state, consumer.acknowledged]).toEqual(['running', [['a', 1, 2]]]);
  });
});

describe('DeadLetterEventError', () => {
  it.each(['dead-letter', 'drop', 'stop'] as const)(
    'dead-letters at once, also with onFailure %s',
    async (onFailure) => {
      const ran = throwing('grader', park);
      const { consumer } = await bench.consume({ onFailure }, 1);
      expect(ran.times).toBe(1);
      expect(deadLettersOf(consumer)).toMatchObject([
        {
          'dlq-code': 'EVENTS_DEAD_LETTER_EVENT',
          'dlq-attempts': '1',
          'dlq-message': 'DeadLetterEventError: no such course',
        },
      ]);
      expect(consumer.acknowledged).toEqual([['a', 1]]);
    },
  );
});

describe('FatalReceiverError', () => {
  it('ends the consumer and leaves the event, after acknowledging those before it', async () => {
    let runs = 0;
    bench.signal.connect(({ data }) => {
      runs += 1;
      if (data.count === 2) throw fatal();
    });
    const { consumer, running } = await bench.consume({}, 1, 2, 3);
    await expect(running).rejects.toMatchObject({
      code: 'EVENTS_CONSUMER_FAILED',
      cause: { code: 'EVENTS_FATAL_RECEIVER', message: 'wrong database' },
    });
    expect([runs, consumer.deadLetters, consumer.acknowledged]).toEqual([2, [], [['a', 1]]]);
  });

  it('does so in a later try as well', async () => {
    let runs = 0;
    bench.signal.connect(async () => {
      runs += 1;
      throw runs === 2 ? fatal() : broken();
    });
    const { running, consumer } = await bench.consume({}, 1);
    await bench.clock.advance(100);
    await expect(running).rejects.toMatchObject({ cause: { code: 'EVENTS_FATAL_RECEIVER' } });
    expect([consumer.deadLetters, consumer.acknowledged]).toEqual([[], []]);
  });

  it('does not wait for another receiver whose database is down', async () => {
    throwing('fatal', fatal);
    throwing('database', () => new InfrastructureError('the database is unreachable'));
    const { running } = await bench.consume({}, 1);
    await expect(running).rejects.toMatchObject({ cause: { code: 'EVENTS_FATAL_RECEIVER' } });
  });
});

describe('receivers of one event that decide differently', () => {
  type Throws = readonly [() => unknown, ReceiverPolicy?];

  it.each<[string, readonly Throws[], 'dead-lettered' | 'handled' | 'dropped' | 'stopped']>([
    ['drop and success', [[drop]], 'handled'],
    ['drop and drop', [[drop], [drop]], 'handled'],
    ['drop and park', [[drop], [park]], 'dead-lettered'],
    ['drop and a failure', [[drop], [broken]], 'dead-lettered'],
    ["drop and a failure that 'drop's", [[drop], [broken, { onFailure: 'drop' }]], 'dropped'],
    ["park and a failure that 'drop's", [[park], [broken, { onFailure: 'drop' }]], 'dead-lettered'],
    ["park and a failure that 'stop's", [[park], [broken, { onFailure: 'stop' }]], 'stopped'],
    ["failures that 'drop' and 'dead-letter'", [[broken, { onFailure: 'drop' }], [broken]], 'dead-lettered'],
    [
      "failures that 'drop' and 'stop'",
      [
        [broken, { onFailure: 'drop' }],
        [broken, { onFailure: 'stop' }],
      ],
      'stopped',
    ],
    ['park and fatal', [[park], [fatal]], 'stopped'],
    ['drop and fatal', [[drop], [fatal]], 'stopped'],
    ['a failure and fatal', [[broken], [fatal]], 'stopped'],
  ])('meet the strictest fate: %s', async (_, receivers, fate) => {
    bench.signal.connect(() => {}, { name: 'good' });
    receivers.forEach(([error, policy], index) => {
      throwing(`receiver-${index}`, error, { maxAttempts: 2, ...policy });
    });
    const { consumer } = await bench.consume({}, 1);
    await untilOver();
    const isAcknowledged = consumer.acknowledged.length === 1;
    expect([consumer.state, isAcknowledged, consumer.deadLetters.length]).toEqual([
      fate === 'stopped' ? 'failed' : 'running',
      fate !== 'stopped',
      fate === 'dead-lettered' ? 1 : 0,
    ]);
    expect(bench.factsOf('event.handled')).toHaveLength(fate === 'handled' ? 1 : 0);
  });

  it('run on by themselves: one that was parked or dropped is not tried with the others', async () => {
    const parked = throwing('parked', park);
    const dropped = throwing('dropped', drop);
    const failing = throwing('failing', broken);
    const { consumer } = await bench.consume({ maxAttempts: 3 }, 1);
    await untilOver();
    expect([parked.times, dropped.times, failing.times]).toEqual([1, 1, 3]);
    expect(deadLettersOf(consumer)).toMatchObject([
      {
        'dlq-code': 'EVENTS_RECEIVERS_FAILED',
        'dlq-message': expect.stringContaining('parked (no such course), failing (broken)'),
        'dlq-attempts': '3',
      },
    ]);
  });
});

describe('errors of another installed copy of the package', () => {
  /** As the class of a second copy would make it: the same brand and code, another constructor. */
  class Foreign extends Error {
    readonly code: EventsErrorCode;
    readonly retryAfterMs: number | undefined;

    constructor(code: EventsErrorCode, retryAfterMs?: number) {
      super('from afar');
      this.code = code;
      this.retryAfterMs = retryAfterMs;
      Object.defineProperty(this, Symbol.for('@openedx-ts/events-core/error'), { value: true });
    }
  }

  it('are recognised as such', () => {
    expect(EventsError.is(new Foreign('EVENTS_DROP_EVENT'))).toBe(true);
  });

  it.each<[EventsErrorCode, 'dead-lettered' | 'handled' | 'stopped']>([
    ['EVENTS_DROP_EVENT', 'handled'],
    ['EVENTS_DEAD_LETTER_EVENT', 'dead-lettered'],
    ['EVENTS_FATAL_RECEIVER', 'stopped'],
  ])('decide as ours do: %s', async (code, fate) => {
    const ran = throwing('foreign', () => new Foreign(code));
    const { consumer } = await bench.consume({}, 1);
    await settle();
    expect([ran.times, consumer.state, consumer.deadLetters.length]).toEqual([
      1,
      fate === 'stopped' ? 'failed' : 'running',
      fate === 'dead-lettered' ? 1 : 0,
    ]);
  });

  it('decide when to try again, unless that makes no sense', async () => {
    const waits = [7_000, -1, Number.NaN, Number.POSITIVE_INFINITY, '9' as unknown as number];
    const ran = throwing('foreign', () => new Foreign('EVENTS_RETRY_EVENT', waits.shift()));
    await bench.consume({ maxAttempts: 6, receiverTimeoutMs: Number.POSITIVE_INFINITY }, 1);
    const waited: number[] = [];
    for (let turn = 0; turn < 5; turn += 1) {
      waited.push(bench.clock.pending[0] ?? 0);
      await bench.clock.advance(bench.clock.pending[0] ?? 0);
    }
    expect([ran.times, waited]).toEqual([6, [7_000, 200, 400, 800, 1_600]]);
  });

  it('wait for what is down', async () => {
    const ran = throwing('foreign', () => new Foreign('EVENTS_INFRASTRUCTURE'));
    const { consumer } = await bench.consume({ maxAttempts: 1 }, 1);
    await bench.clock.advance(300);
    expect([ran.times, consumer.health().ready, consumer.deadLetters]).toEqual([3, false, []]);
  });
});
