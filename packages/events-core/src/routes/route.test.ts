import { afterEach, describe, expect, it } from 'vitest';
import { LocalOnlyError } from '../errors/signal-errors.js';
import { defineLocalSignal, defineUserSignal } from '../signals/fixtures.test-support.js';
import { snapshotSignals } from '../signals/registry.js';
import { parseProducerConfig } from './producer-config.js';
import { route } from './route.js';
import { routesFromConfig } from './routes-from-config.js';

const restore = snapshotSignals();
afterEach(restore);

const key = 'user.pii.username';

describe('route', () => {
  it('is enabled and waits for nothing by default', () => {
    const signal = defineUserSignal();
    const made = route(signal, { topic: 'users', eventKeyField: key });
    expect(made).toEqual({
      signal,
      topic: 'users',
      eventKeyField: key,
      enabled: true,
      awaitAcceptanceMs: undefined,
    });
    expect(Object.isFrozen(made)).toBe(true);
    expect(
      route(signal, { topic: 'u', eventKeyField: key, enabled: false, awaitAcceptanceMs: 50 }),
    ).toMatchObject({
      enabled: false,
      awaitAcceptanceMs: 50,
    });
  });

  it('refuses an event that may not leave its process, with the reason', () => {
    const signal = defineLocalSignal();
    const attempt = () => route(signal, { topic: 'users', eventKeyField: key });
    expect(attempt).toThrow(LocalOnlyError);
    expect(attempt).toThrow('it holds a password');
  });

  it('refuses everything else that is wrong together', () => {
    const signal = defineUserSignal();
    const wrong = { topic: 'a b', eventKeyField: 'user.name' as never, awaitAcceptanceMs: Number.NaN };
    expect(() => route(signal, wrong)).toThrow(
      expect.objectContaining({
        code: 'EVENTS_PRODUCER_CONFIGURATION',
        issues: [
          { path: `${signal.eventType} → a b`, message: expect.stringContaining('a topic is') },
          { path: `${signal.eventType} → a b`, message: expect.stringContaining('awaitAcceptanceMs') },
          { path: `${signal.eventType} → a b`, message: expect.stringContaining('user.name does not exist') },
        ],
      }),
    );
  });
});

describe('a route to a dead-letter topic', () => {
  const refusal = expect.objectContaining({
    code: 'EVENTS_PRODUCER_CONFIGURATION',
    issues: [
      {
        path: expect.stringContaining('→ users.mail.dlq'),
        message: expect.stringMatching(/dead-letter topic.*name the topic/),
      },
    ],
  });

  it.each([true, false])('is refused, enabled %s', (enabled) => {
    const signal = defineUserSignal();
    expect(() => route(signal, { topic: 'users.mail.dlq', eventKeyField: key, enabled })).toThrow(refusal);
    expect(() => route(signal, { topic: 'users.dlq.v1', eventKeyField: key })).not.toThrow();
  });

  it.each([true, false])('is refused in a configuration, enabled %s', (enabled) => {
    const signal = defineUserSignal();
    const entry = { event_key_field: key, enabled };
    expect(() => parseProducerConfig({ [signal.eventType]: { 'users.mail.dlq': entry } })).toThrow(refusal);
    expect(() => routesFromConfig({ [signal.eventType]: { 'users.mail.dlq': entry } })).toThrow(refusal);
  });
});
