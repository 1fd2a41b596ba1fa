import {
  allSignals,
  defineSignal,
  findSignal,
  record,
  settings,
  string,
  UnknownSignalError,
} from '@openedx-ts/events-core';
import { describe, expect, it } from 'vitest';
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
      expect(SECOND.isEnabled).toBe(true);
    }
    expect(allSignals()).toEqual(known);
    expect(findSignal('org.openedx.testing.isolated.third.v1')).toBeUndefined();
    expect(FIRST.receivers).toEqual(['before']);
    expect([FIRST.isEnabled, SECOND.isEnabled]).toEqual([true, false]);
    SECOND.enable();
    connection.disconnect();
  });

  it('enables the named signals only', () => {
    using _scope = isolateSignals({ enabled: [SECOND] });
    expect([FIRST.isEnabled, SECOND.isEnabled]).toEqual([false, true]);
    {
      using _inner = isolateSignals({ enabled: [FIRST.eventType] });
      expect([FIRST.isEnabled, SECOND.isEnabled]).toEqual([true, false]);
    }
    expect([FIRST.isEnabled, SECOND.isEnabled]).toEqual([false, true]);
  });

  it('is loud inside and puts the settings back', () => {
    const before = settings();
    const scope = isolateSignals();
    expect(settings().dispatch).toBe('loud');
    scope.restore();
    scope.restore();
    expect(settings()).toBe(before);
    using _robust = isolateSignals({ settings: { dispatch: 'robust', serviceName: 'grades' } });
    expect(settings()).toMatchObject({ dispatch: 'robust', serviceName: 'grades' });
  });

  it('restores once, so that a late second call undoes nothing newer', () => {
    const scope = isolateSignals({ enabled: [] });
    scope.restore();
    FIRST.disable();
    scope[Symbol.dispose]();
    expect(FIRST.isEnabled).toBe(false);
    FIRST.enable();
  });

  it('changes nothing when an event type is not loaded', () => {
    const before = settings();
    expect(() => isolateSignals({ enabled: [FIRST, 'org.openedx.testing.isolated.frist.v1'] })).toThrow(
      UnknownSignalError,
    );
    expect([FIRST.isEnabled, SECOND.isEnabled]).toEqual([true, true]);
    expect(settings()).toBe(before);
  });
});
