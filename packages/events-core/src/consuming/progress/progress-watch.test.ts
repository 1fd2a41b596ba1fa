import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../runtime/manual-clock.test-support.js';
import { recordingLogger, recordingTelemetry } from '../../runtime/recording.test-support.js';
import { configureEvents } from '../../runtime/runtime.js';
import { deliveryOf } from '../types/deliveries.test-support.js';
import { ProgressWatch, type WatchedTask } from './progress-watch.js';
import { RunningSteps } from './running-steps.js';
import type { Stall } from './stall.js';

describe('ProgressWatch', () => {
  const clock = new ManualClock();
  let telemetry = recordingTelemetry();
  let restore: Disposable;
  let stop = new AbortController();

  beforeEach(() => {
    [telemetry, stop] = [recordingTelemetry(), new AbortController()];
    restore = configureEvents({ clock, telemetry, logger: recordingLogger() });
  });
  afterEach(() => {
    stop.abort();
    restore[Symbol.dispose]();
  });

  const delivery = deliveryOf({ topic: 't', key: null, value: null, headers: [] }, 7);

  /** A watch of one lane with one event. */
  function watching(task: Partial<WatchedTask> = {}) {
    const steps = new RunningSteps();
    const explained = new Set<Stall['stage']>();
    const subject = {};
    const watch = new ProgressWatch({
      ...({
        groupId: 'g',
        headerNaming: 'kafka',
        stallTimeoutMs: 100_000,
        stopSignal: stop.signal,
        steps,
      } as const),
      tasks: () => [{ lane: 'a', subject, delivery, ...task }],
      isExplained: (_lane, stage) => explained.has(stage),
    });
    watch.received([delivery]);
    return { watch, steps, explained };
  }

  it('reports an event that does not start', async () => {
    const { watch } = watching({ isWaiting: true });
    await clock.advance(110_000);
    expect(watch.reasons).toEqual([expect.stringMatching(/the event at 0:7 does not start/)]);
  });

  it('reports no event that waits for one that is processed exclusively, and starts anew after that', async () => {
    const { watch, explained } = watching({ isWaiting: true });
    explained.add('start');
    await clock.advance(150_000);
    explained.clear();
    await clock.advance(90_000);
    expect(watch.reasons).toEqual([]);
    await clock.advance(20_000);
    expect(watch.reasons).toHaveLength(1);
  });

  it('reports a receiver whose time limit has no effect', async () => {
    const { watch, steps } = watching();
    steps.started(delivery, { stage: 'receiver', receiver: 'charge', limitMs: 500_000 });
    await clock.advance(500_000);
    expect(watch.reasons).toEqual([]);
    await clock.advance(20_000);
    expect(watch.reasons).toEqual([
      expect.stringMatching(/receiver charge has not finished the event at 0:7/),
    ]);
  });

  it('reports a step between receivers that does not end, such as telemetry', async () => {
    const { watch } = watching();
    await clock.advance(110_000);
    expect(watch.reasons).toEqual([expect.stringMatching(/a receiver has not finished the event at 0:7/)]);
  });

  it('reports no event whose steps are followed by others', async () => {
    const { watch, steps } = watching();
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      steps.started(delivery, { stage: 'receiver', receiver: 'charge', limitMs: 90_000 });
      await clock.advance(90_000);
      expect(watch.reasons).toEqual([]);
    }
  });
});
