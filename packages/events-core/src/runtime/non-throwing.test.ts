import { describe, expect, it, vi } from 'vitest';
import { deferred } from './deferred.js';
import { settle } from './manual-clock.test-support.js';
import { nonThrowingLogger, nonThrowingTelemetry } from './non-throwing.js';
import { noTelemetry, type Telemetry } from './telemetry.js';

const facts = {
  system: 'kafka',
  eventType: 'e',
  eventId: 'i',
  topic: 't',
  groupId: 'g',
  position: '0:1',
  attempt: 1,
  deliveryCount: 1,
  isRedriven: false,
  sentAt: null,
  trace: null,
};
const fails = () => {
  throw new Error('the telemetry is broken');
};

type Process = (event: unknown, run: () => unknown) => unknown;

const guarded = (process: Process) =>
  nonThrowingTelemetry({ ...noTelemetry, process: process as Telemetry['process'] });

const processes: readonly [string, Process][] = [
  ['does what it should', (_, run) => run()],
  ['does so later', async (_, run) => await run()],
  ['never runs them', () => 'mine'],
  ['never runs them, and says so later', async () => 'mine'],
  ['runs them and returns nothing', (_, run) => void run()],
  ['runs them and returns nothing later', async (_, run) => void (await run())],
  ['runs them and returns something else', (_, run) => [run(), 'mine'][1]],
  ['runs them twice', (_, run) => [run(), run()][1]],
  ['throws before', fails],
  [
    'throws after',
    (_, run) => {
      run();
      fails();
    },
  ],
  ['rejects before', async () => fails()],
  [
    'rejects after',
    async (_, run) => {
      await run();
      fails();
    },
  ],
  [
    'rejects while they run',
    async (_, run) => {
      run();
      fails();
    },
  ],
  ['runs them too late', (_, run) => void setImmediate(run)],
  [
    'runs them and never comes to an end',
    (_, run) => {
      run();
      return new Promise(() => {});
    },
  ],
  [
    'returns something like a promise',
    (_, run) => {
      run();
      // biome-ignore lint/suspicious/noThenProperty: it is what is tested
      return { then: () => {} };
    },
  ],
  // biome-ignore lint/suspicious/noThenProperty: it is what is tested
  ['returns a thenable that throws', () => ({ then: fails })],
  [
    'returns what throws when it is asked for its then',
    () =>
      Object.defineProperty({}, 'then', {
        get: fails,
      }),
  ],
];

const badReturns: readonly [string, () => unknown][] = [
  ['throws', fails],
  ['rejects', async () => fails()],
  // biome-ignore lint/suspicious/noThenProperty: it is what is tested
  ['returns a thenable that throws', () => ({ then: fails })],
  [
    'returns a thenable that rejects',
    // biome-ignore lint/suspicious/noThenProperty: it is what is tested
    () => ({ then: (_: unknown, reject: (error: Error) => void) => reject(new Error('no')) }),
  ],
  [
    'returns what throws when it is asked for its then',
    () => Object.defineProperty({}, 'then', { get: fails }),
  ],
];

/** What ends a process by default. */
async function unhandledRejectionsOf(run: () => void): Promise<readonly unknown[]> {
  const unhandled: unknown[] = [];
  const keep = (error: unknown) => unhandled.push(error);
  process.on('unhandledRejection', keep);
  run();
  await settle();
  process.off('unhandledRejection', keep);
  return unhandled;
}

describe('nonThrowingLogger', () => {
  it.each(badReturns)('does not end the process when a method %s', async (_, method) => {
    const bad = method as () => void;
    const logger = nonThrowingLogger({ debug: bad, info: bad, warn: bad, error: bad });
    const unhandled = await unhandledRejectionsOf(() => {
      for (const level of ['debug', 'info', 'warn', 'error'] as const)
        logger[level]({}, 'something happened');
    });
    expect(unhandled).toEqual([]);
  });
});

describe('nonThrowingTelemetry', () => {
  describe.each(processes)('whose process %s', (_, process) => {
    it('runs sync receivers once, and gives what they gave', async () => {
      const run = vi.fn(() => 'theirs');
      const outcome = await guarded(process).process(facts, run);
      await settle();
      expect([outcome, run.mock.calls.length]).toEqual(['theirs', 1]);
    });

    it('runs async receivers once, waits for them, and gives what they gave', async () => {
      const held = deferred<string>();
      const run = vi.fn(() => held.promise);
      let isOver = false;
      const outcome = Promise.resolve(guarded(process).process(facts, run)).finally(() => {
        isOver = true;
      });
      await settle();
      expect(isOver).toBe(false);
      held.resolve('theirs');
      expect(await outcome).toBe('theirs');
      await settle();
      expect(run).toHaveBeenCalledOnce();
    });

    it('hands on what the receivers throw, and runs them no second time', async () => {
      const rejects = vi.fn(() => Promise.reject(new Error('theirs')));
      await expect(guarded(process).process(facts, rejects)).rejects.toThrow('theirs');
      const throws = vi.fn(() => {
        throw new Error('theirs');
      });
      await expect((async () => guarded(process).process(facts, throws))()).rejects.toThrow('theirs');
      await settle();
      expect([rejects.mock.calls.length, throws.mock.calls.length]).toEqual([1, 1]);
    });
  });

  it.each(badReturns)('does not end the process when a method %s', async (_, method) => {
    const bad = method as () => never;
    const telemetry = nonThrowingTelemetry({ record: bad, traceContext: bad, process: bad });
    const unhandled = await unhandledRejectionsOf(() => {
      telemetry.record({ type: 'consumer.state', groupId: 'g', state: 'running' });
      expect(telemetry.traceContext()).toBeUndefined();
      void telemetry.process(facts, () => 'theirs');
    });
    expect(unhandled).toEqual([]);
  });

  it.each([
    ['a promise', async () => ({ traceparent: '00-1-1-01' }), undefined],
    ['a text', () => '00-1-1-01', undefined],
    ['null', () => null, undefined],
    ['a traceparent that is no text', () => ({ traceparent: 7 }), undefined],
    ['a tracestate that is no text', () => ({ traceparent: 'a', tracestate: 7 }), { traceparent: 'a' }],
    ['both', () => ({ traceparent: 'a', tracestate: 'b' }), { traceparent: 'a', tracestate: 'b' }],
  ])('sends no trace context that is none: %s', (_, traceContext, expected) => {
    const telemetry = nonThrowingTelemetry({
      ...noTelemetry,
      traceContext: traceContext as unknown as () => undefined,
    });
    expect(telemetry.traceContext()).toEqual(expected);
  });

  it('costs no promise when neither receivers nor telemetry make one', () => {
    expect(guarded((_, run) => run()).process(facts, () => 'theirs')).toBe('theirs');
  });

  it('lets nothing else that telemetry throws reach an event', () => {
    const telemetry = nonThrowingTelemetry({ record: fails, traceContext: fails, process: fails });
    telemetry.record({ type: 'consumer.state', groupId: 'g', state: 'running' });
    expect(telemetry.traceContext()).toBeUndefined();
  });

  it.each(processes)(
    'runs one receiver once, and gives what it gave, where runReceiver %s',
    async (_, watch) => {
      const telemetry = nonThrowingTelemetry({
        ...noTelemetry,
        runReceiver: watch as NonNullable<Telemetry['runReceiver']>,
      });
      const run = vi.fn(() => 'theirs');
      const outcome = await telemetry.runReceiver?.({ receiver: 'r', eventType: 'e' }, run);
      await settle();
      expect([outcome, run.mock.calls.length]).toEqual(['theirs', 1]);
    },
  );

  it('has no observer of a send where there is none, or none that works', () => {
    expect([guarded(fails).send, guarded(fails).runReceiver]).toEqual([undefined, undefined]);
    const event = { system: 'kafka', eventType: 'e', eventId: 'i', topic: 't', trace: null };
    const broken = nonThrowingTelemetry({ ...noTelemetry, send: fails });
    expect(broken.send?.(event)).toBeUndefined();
    const trace = { traceparent: '00-1-2-01' };
    const fragile = nonThrowingTelemetry({
      ...noTelemetry,
      send: () => ({ trace, accepted: fails, failed: fails }),
    });
    const observer = fragile.send?.(event);
    expect(observer?.trace).toEqual(trace);
    observer?.accepted('0:1');
    observer?.failed(new Error('refused'));
  });
});
