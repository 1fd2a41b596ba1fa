import { hostname } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import { snapshotSignals } from '../signals/registry.js';
import { ManualClock } from './manual-clock.test-support.js';
import { configureEvents, defaultRuntime, runtime } from './runtime.js';
import { noTelemetry, type Telemetry } from './telemetry.js';

const restore = snapshotSignals();
afterEach(restore);

const fails = () => {
  throw new Error('the logging is broken');
};
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

describe('configureEvents', () => {
  it('changes what is given, and puts it back at the end of a scope', () => {
    const before = runtime();
    {
      using _ = configureEvents({ serviceName: 'grades', dispatch: 'loud' });
      expect(runtime()).toMatchObject({
        serviceName: 'grades',
        dispatch: 'loud',
        sourceHost: before.sourceHost,
      });
      {
        using _inner = configureEvents({ dispatch: 'robust' });
        expect(runtime()).toMatchObject({ serviceName: 'grades', dispatch: 'robust' });
      }
      expect(runtime().dispatch).toBe('loud');
    }
    expect(runtime()).toBe(before);
  });

  it('lets nothing that a logger throws reach an event', () => {
    configureEvents({ logger: { debug: fails, info: fails, warn: fails, error: fails } });
    const { logger } = runtime();
    logger.debug({}, 'a');
    logger.info({}, 'b');
    logger.warn({}, 'c');
    logger.error({}, 'd');
  });

  it('calls a logger as its own method, as pino needs it', () => {
    class Counting {
      lines = 0;
      debug() {}
      info() {
        this.lines += 1;
      }
      warn() {}
      error() {}
    }
    const logger = new Counting();
    configureEvents({ logger });
    runtime().logger.info({}, 'a');
    expect(logger.lines).toBe(1);
  });

  it('lets nothing that telemetry throws reach an event', async () => {
    configureEvents({ telemetry: { record: fails, traceContext: fails, process: fails } });
    const { telemetry } = runtime();
    telemetry.record({ type: 'consumer.state', groupId: 'g', state: 'running' });
    expect(telemetry.traceContext()).toBeUndefined();
    expect(await telemetry.process(facts, async () => 'ran')).toBe('ran');
  });

  it('runs receivers once, wherever telemetry fails around them', async () => {
    const failsAfter: Telemetry = {
      ...noTelemetry,
      process: async (_event, run) => {
        await run();
        return fails();
      },
    };
    configureEvents({ telemetry: failsAfter });
    let runs = 0;
    const result = await runtime().telemetry.process(facts, async () => {
      runs += 1;
      return runs;
    });
    expect([result, runs]).toEqual([1, 1]);
  });

  it('hands on what receivers themselves throw', async () => {
    configureEvents({ telemetry: noTelemetry });
    await expect(
      runtime().telemetry.process(facts, () => Promise.reject(new Error('theirs'))),
    ).rejects.toThrow('theirs');
  });
});

describe('defaultRuntime', () => {
  it.each([
    [{ EVENTS_SERVICE_NAME: 'lms', SERVICE_VARIANT: 'cms' }, 'lms'],
    [{ EVENTS_SERVICE_NAME: '', SERVICE_VARIANT: 'cms' }, 'cms'],
    [{}, 'SERVICE_NAME_UNSET'],
  ])('names the service of %o as the reference does: %s', (env, serviceName) => {
    expect(defaultRuntime(env).serviceName).toBe(serviceName);
  });

  it('is robust and logs nothing', () => {
    expect(defaultRuntime({})).toMatchObject({
      dispatch: 'robust',
      sourceHost: hostname(),
      telemetry: noTelemetry,
    });
  });

  it('reads the time of ids from the clock in force', () => {
    configureEvents({ clock: new ManualClock('2026-01-02T03:04:05.678Z') });
    const ms = Number.parseInt(runtime().nextId().replace('-', '').slice(0, 12), 16);
    expect(new Date(ms).toISOString()).toBe('2026-01-02T03:04:05.678Z');
  });
});
