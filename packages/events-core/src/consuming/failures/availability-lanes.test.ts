import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { InfrastructureError } from '../../errors/receiver-errors.js';
import { ManualClock, settle } from '../../runtime/manual-clock.test-support.js';
import { recordingLogger, recordingTelemetry } from '../../runtime/recording.test-support.js';
import { configureEvents } from '../../runtime/runtime.js';
import { Abandoned } from './abandoned.js';
import { Availability } from './availability.js';

describe('Availability', () => {
  let clock = new ManualClock();
  let telemetry = recordingTelemetry();
  let logger = recordingLogger();
  let restore: Disposable;

  beforeEach(() => {
    [clock, telemetry, logger] = [new ManualClock(), recordingTelemetry(), recordingLogger()];
    restore = configureEvents({ clock, telemetry, logger, random: () => 1 });
  });
  afterEach(() => restore[Symbol.dispose]());

  function start({ othersGoOn = false } = {}) {
    const [pause, resume] = [vi.fn(), vi.fn()];
    const availability = new Availability({
      groupId: 'g',
      headerNaming: 'kafka',
      backoff: { initialMs: 100, maxMs: 1_000 },
      othersGoOn,
      pause,
      resume,
    });
    const stop = new AbortController();
    const context = { waitSignal: stop.signal, backOff: (wait: () => Promise<void>) => wait() };
    return { availability, pause, resume, stop, context };
  }

  /** Fails until `isDown` is set to false. */
  function registry() {
    const state = { isDown: true, tries: 0 };
    const ask = async () => {
      state.tries += 1;
      if (state.isDown) throw new InfrastructureError('the registry is unreachable');
      return 'schema';
    };
    return { state, ask };
  }

  const warnings = () => logger.lines.filter(({ level }) => level === 'warn');

  it('does not pause a lane that was lost before what it needs has failed: whoever owns it next would not read it', async () => {
    const { availability, pause, stop, context } = start();
    const asked = availability.retry('a', context, async () => {
      stop.abort();
      throw new InfrastructureError('the registry is unreachable');
    });
    await expect(asked).rejects.toBeInstanceOf(Abandoned);
    expect(pause).not.toHaveBeenCalled();
    expect([availability.reasons, warnings(), clock.pending]).toEqual([[], [], []]);
  });

  it('returns what succeeds at once', async () => {
    const { availability, context } = start();
    expect(await availability.retry('a', context, () => 7)).toBe(7);
    expect(availability.reasons).toEqual([]);
  });

  it('passes on any other error at once, thrown or rejected', async () => {
    const { availability, context, pause } = start();
    const fail = () => {
      throw new Error('broken');
    };
    await expect(availability.retry('a', context, fail)).rejects.toThrow('broken');
    await expect(availability.retry('a', context, async () => fail())).rejects.toThrow('broken');
    expect([pause.mock.calls, availability.reasons]).toEqual([[], []]);
  });

  it('pauses the lane until it is back, reports the latest reason, and resumes it once', async () => {
    const { availability, context, pause, resume } = start();
    const { state, ask } = registry();
    const result = availability.retry('a', context, ask);
    await settle();
    expect([availability.isPaused('a'), availability.isPaused('b')]).toEqual([true, false]);
    expect(availability.reasons).toEqual(['a waits: the registry is unreachable']);
    state.isDown = false;
    await clock.advance(100);
    await expect(result).resolves.toBe('schema');
    expect([pause.mock.calls, resume.mock.calls]).toEqual([[['a']], [['a']]]);
    expect(telemetry.facts.map(({ type }) => type)).toEqual(['consumer.paused', 'consumer.resumed']);
    expect(availability.reasons).toEqual([]);
  });

  it('reports of which type the event is that a lane waits with, and none for an acknowledgement', async () => {
    const { availability, context, stop } = start();
    const { ask } = registry();
    const headers = [['ce_type', Buffer.from('org.example.paid.v1')]] as const;
    const message = { topic: 't', key: null, value: null, headers: [...headers] as [string, Buffer][] };
    const ended = Promise.allSettled([
      availability.retry('a', context, ask, message),
      availability.retry('b', context, ask),
    ]);
    await settle();
    expect(telemetry.facts).toMatchObject([
      { type: 'consumer.paused', lane: 'a', eventType: 'org.example.paid.v1' },
      { type: 'consumer.paused', lane: 'b', eventType: null },
    ]);
    stop.abort();
    await clock.advance(100);
    await ended;
  });

  it('logs a lane that waits at growing intervals, and that it goes on', async () => {
    const { availability, context } = start();
    const { state, ask } = registry();
    const result = availability.retry('a', context, ask);
    await clock.advance(30_000);
    expect(warnings()).toHaveLength(1);
    await clock.advance(4 * 60_000);
    expect(warnings().map(({ facts }) => facts)).toMatchObject([
      { lane: 'a', groupId: 'g', err: { message: 'the registry is unreachable' } },
      { lane: 'a', groupId: 'g', failures: expect.any(Number) },
      { lane: 'a', groupId: 'g', failures: expect.any(Number) },
    ]);
    state.isDown = false;
    await clock.advance(1_000);
    await result;
    expect(warnings().at(-1)?.message).toBe('what a lane waited for is reachable again');
  });

  it('reports no pause of a lane whose other events go on, before there is no more room', async () => {
    const { availability, context, pause, resume } = start({ othersGoOn: true });
    const { state, ask } = registry();
    const result = availability.retry('a', context, ask);
    await settle();
    expect([pause.mock.calls, telemetry.facts]).toEqual([[], []]);
    availability.pauseWaiting();
    availability.pauseWaiting();
    expect(pause.mock.calls).toEqual([['a']]);
    expect(telemetry.facts).toMatchObject([{ type: 'consumer.paused', lane: 'a', groupId: 'g' }]);
    state.isDown = false;
    await clock.advance(100);
    await result;
    expect(resume.mock.calls).toEqual([['a']]);
  });

  it('neither resumes nor reports a lane that was lost while it waited', async () => {
    const { availability, context, stop, resume } = start();
    const result = availability.retry('a', context, registry().ask);
    await settle();
    stop.abort();
    await expect(result).rejects.toThrow(Abandoned);
    availability.forget('a');
    expect([resume.mock.calls, availability.reasons, clock.pending]).toEqual([[], [], []]);
  });

  it('resumes a lane when the last of its events no longer waits', async () => {
    const { availability, context, resume } = start();
    const [one, other] = [registry(), registry()];
    const results = [one, other].map(({ ask }) => availability.retry('a', context, ask));
    await settle();
    one.state.isDown = false;
    await clock.advance(100);
    expect(resume).not.toHaveBeenCalled();
    other.state.isDown = false;
    await clock.advance(1_000);
    await Promise.all(results);
    expect(resume).toHaveBeenCalledOnce();
  });
});
