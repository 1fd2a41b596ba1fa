import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FatalReceiverError, InfrastructureError } from '../../errors/receiver-errors.js';
import { createMetadata } from '../../metadata/create-metadata.js';
import { ManualClock, settle } from '../../runtime/manual-clock.test-support.js';
import { recordingLogger, recordingTelemetry } from '../../runtime/recording.test-support.js';
import { configureEvents } from '../../runtime/runtime.js';
import { defineCount } from '../../signals/count-changed.test-support.js';
import { snapshotSignals } from '../../signals/registry.js';
import { Abandoned } from '../failures/abandoned.js';
import { Availability } from '../failures/availability.js';
import { RunningSteps } from '../progress/running-steps.js';
import type { ConsumerOptions } from '../types/consumer-options.js';
import { deliveryOf, messageOf, resolvedOptions } from '../types/deliveries.test-support.js';
import { Deadlines } from './deadlines.js';
import { RetryingDispatcher } from './retrying-dispatcher.js';

describe('RetryingDispatcher', () => {
  let clock = new ManualClock();
  let telemetry = recordingTelemetry();
  let signal: ReturnType<typeof defineCount>;
  let restore: () => void;

  beforeEach(() => {
    restore = snapshotSignals();
    [clock, telemetry, signal] = [new ManualClock(), recordingTelemetry(), defineCount()];
    configureEvents({ clock, telemetry, logger: recordingLogger(), random: () => 1 });
  });
  afterEach(() => restore());

  /** Dispatches one event; `stop` fires its wait signal. */
  function dispatch(more: Partial<ConsumerOptions> = {}) {
    const options = resolvedOptions({ maxAttempts: 3, initialBackoffMs: 100, maxBackoffMs: 1_000, ...more });
    const backoff = { initialMs: 100, maxMs: 1_000 };
    const dispatcher = new RetryingDispatcher({
      system: 'kafka',
      options,
      deadlines: new Deadlines(),
      running: new RunningSteps(),
      availability: new Availability({
        groupId: 'g',
        headerNaming: 'kafka',
        backoff,
        othersGoOn: true,
        pause: () => {},
        resume: () => {},
      }),
    });
    const stop = new AbortController();
    const event = { signal, metadata: createMetadata({ eventType: signal.eventType }), data: { count: 1 } };
    const outcome = dispatcher.dispatch(event, deliveryOf(messageOf(signal, { count: 1 }), 1), {
      abortSignal: new AbortController().signal,
      waitSignal: stop.signal,
      isCrashing: false,
      backOff: (wait) => wait(),
    });
    return { outcome, stop };
  }

  /** Connects a receiver that throws these in turn, and then succeeds; gives the attempts in which it ran. */
  function connect(name: string, ...errors: readonly unknown[]) {
    const attempts: (number | undefined)[] = [];
    signal.connect(
      async ({ delivery }) => {
        attempts.push(delivery?.attempt);
        const error = errors[attempts.length - 1];
        if (error !== undefined) throw error;
      },
      { name },
    );
    return attempts;
  }

  const unreachable = new InfrastructureError('the database is unreachable');
  const broken = new Error('broken');

  it('runs only the receivers that failed again, once an attempt', async () => {
    const [fine, flaky] = [connect('fine'), connect('flaky', broken, broken)];
    const { outcome } = dispatch();
    await clock.advance(300);
    await expect(outcome).resolves.toEqual({ attempts: 3 });
    expect([fine, flaky]).toEqual([[1], [1, 2, 3]]);
    expect(telemetry.facts.filter(({ type }) => type === 'event.retried')).toMatchObject([
      { attempt: 1 },
      { attempt: 2 },
    ]);
  });

  it('returns what failed for good, with the time of the first failure', async () => {
    connect('broken', broken, broken);
    const firstFailure = new Date(clock.now());
    const { outcome } = dispatch({ maxAttempts: 2 });
    await clock.advance(100);
    await expect(outcome).resolves.toMatchObject({
      failed: {
        attempts: 2,
        firstFailure,
        onFailure: 'dead-letter',
        error: { message: expect.stringContaining('broken') },
      },
    });
  });

  it('calls a receiver that needs something unreachable again within the same attempt, and no other', async () => {
    const [blocked, flaky] = [connect('blocked', unreachable, unreachable), connect('flaky', broken)];
    const { outcome } = dispatch();
    await clock.advance(300);
    expect([blocked, flaky]).toEqual([[1, 1, 1], [1]]);
    await clock.advance(100);
    await expect(outcome).resolves.toEqual({ attempts: 2 });
    expect([blocked, flaky]).toEqual([
      [1, 1, 1],
      [1, 2],
    ]);
  });

  it('counts an attempt of a receiver that fails otherwise once what it needs is back', async () => {
    const attempts = connect('late', unreachable, broken);
    const { outcome } = dispatch();
    await clock.advance(200);
    await expect(outcome).resolves.toEqual({ attempts: 2 });
    expect(attempts).toEqual([1, 1, 2]);
  });

  it('rejects with the error of a receiver that wants the consumer to stop, whatever others wait for', async () => {
    const fatal = new FatalReceiverError('wrong database');
    connect('blocked', unreachable);
    connect('fatal', fatal);
    await expect(dispatch().outcome).rejects.toBe(fatal);
  });

  it.each([
    ['between two attempts', broken],
    ['for something unreachable', unreachable],
  ])('rejects with Abandoned when the consumer stops while a receiver waits %s', async (_, error) => {
    const attempts = connect('failing', error);
    const { outcome, stop } = dispatch();
    await settle();
    stop.abort();
    await expect(outcome).rejects.toThrow(Abandoned);
    expect(attempts).toEqual([1]);
  });
});
