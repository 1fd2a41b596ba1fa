import {
  allSignals,
  configureEvents,
  defineSignal,
  findSignal,
  record,
  silentLogger,
  string,
  UnknownSignalError,
} from '@openedx-ts/events-core';
import { runtime } from '@openedx-ts/events-core/bus';
import { describe, expect, it, vi } from 'vitest';
import { isolateSignals } from './isolate-signals.js';

const data = { item: record('IsolatedItem', { name: string() }) };
const FIRST = defineSignal({ eventType: 'org.openedx.testing.isolated.first.v1', data });
const SECOND = defineSignal({ eventType: 'org.openedx.testing.isolated.second.v1', data });

describe('isolateSignals', () => {
  it('forgets signals, receivers and switches of the scope', () => {
    SECOND.disable();
    const connection = FIRST.connect(() => {}, { name: 'before' });
    const known = allSignals();
    {
      using _scope = isolateSignals();
      defineSignal({ eventType: 'org.openedx.testing.isolated.third.v1', data });
      FIRST.connect(() => {}, { name: 'inside' });
      connection.disconnect();
      FIRST.disable();
      expect(SECOND.enabled).toBe(true);
    }
    expect(allSignals()).toEqual(known);
    expect(findSignal('org.openedx.testing.isolated.third.v1')).toBeUndefined();
    expect(FIRST.receivers).toEqual(['before']);
    expect([FIRST.enabled, SECOND.enabled]).toEqual([true, false]);
    SECOND.enable();
    connection.disconnect();
  });

  it('enables the named signals only', () => {
    using _scope = isolateSignals({ enabled: [SECOND] });
    expect([FIRST.enabled, SECOND.enabled]).toEqual([false, true]);
    {
      using _inner = isolateSignals({ enabled: [FIRST.eventType] });
      expect([FIRST.enabled, SECOND.enabled]).toEqual([true, false]);
    }
    expect([FIRST.enabled, SECOND.enabled]).toEqual([false, true]);
  });

  it('is loud inside and puts the settings back', () => {
    const before = runtime();
    const scope = isolateSignals();
    expect(runtime().dispatch).toBe('loud');
    scope.restore();
    scope.restore();
    expect(runtime()).toBe(before);
    using _robust = isolateSignals({ runtime: { dispatch: 'robust', serviceName: 'grades' } });
    expect(runtime()).toMatchObject({ dispatch: 'robust', serviceName: 'grades' });
  });

  it('restores once, so that a late second call undoes nothing newer', () => {
    const scope = isolateSignals({ enabled: [] });
    scope.restore();
    FIRST.disable();
    scope[Symbol.dispose]();
    expect(FIRST.enabled).toBe(false);
    FIRST.enable();
  });

  it('changes nothing when an event type is not loaded', () => {
    const before = runtime();
    expect(() => isolateSignals({ enabled: [FIRST, 'org.openedx.testing.isolated.frist.v1'] })).toThrow(
      UnknownSignalError,
    );
    expect([FIRST.enabled, SECOND.enabled]).toEqual([true, true]);
    expect(runtime()).toBe(before);
  });

  it('keeps warnings and errors back while no logger is configured, and prints them when asked', async () => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => {});
    const connection = FIRST.connect(() => Promise.reject(new Error('boom')), { name: 'fails' });
    const scope = isolateSignals({ runtime: { dispatch: 'robust' } });
    await FIRST.sendEvent({ item: { name: 'a' } });
    scope.restore();
    connection.disconnect();
    expect(error).not.toHaveBeenCalled();
    scope.printLog();
    scope.printLog();
    expect(error.mock.calls).toEqual([[expect.stringMatching(/a receiver failed.*receiver=fails.*boom/)]]);
    error.mockRestore();
  });

  it('leaves a configured logger in force', () => {
    const logger = { ...silentLogger, warn: vi.fn() };
    using _configured = configureEvents({ logger });
    {
      using _scope = isolateSignals();
      runtime().logger.warn({}, 'it is slow');
      {
        using _inner = isolateSignals({ runtime: { logger: silentLogger } });
        runtime().logger.warn({}, 'not here');
      }
    }
    expect(logger.warn.mock.calls).toEqual([[{}, 'it is slow']]);
  });
});
