import { afterEach, describe, expect, it } from 'vitest';
import { ProducerConfigurationError } from '../errors/configuration-errors.js';
import { defineLocalSignal, defineUserSignal } from '../signals/fixtures.test-support.js';
import { snapshotSignals } from '../signals/registry.js';
import { routesFromConfig } from './routes-from-config.js';

const restore = snapshotSignals();
afterEach(restore);

const key = 'user.pii.username';

describe('routesFromConfig', () => {
  it('makes a route of every entry, disabled ones too', () => {
    const signal = defineUserSignal();
    const routes = routesFromConfig({
      [signal.eventType]: {
        users: { event_key_field: key, enabled: true },
        audit: { event_key_field: 'user.id', enabled: false },
      },
    });
    expect(routes).toEqual([
      { signal, topic: 'users', eventKeyField: key, enabled: true, awaitAcceptanceMs: undefined },
      { signal, topic: 'audit', eventKeyField: 'user.id', enabled: false, awaitAcceptanceMs: undefined },
    ]);
  });

  it('reports everything that is wrong together', () => {
    const signal = defineUserSignal();
    const local = defineLocalSignal();
    const entry = { event_key_field: key, enabled: true };
    const attempt = () =>
      routesFromConfig({
        'org.openedx.learning.user.registred.v1': { users: entry },
        [signal.eventType]: {
          users: { ...entry, event_key_field: 'user.pii' },
          audit: { ...entry, event_key_field: 'user.pii.email' },
        },
        [local.eventType]: { users: { ...entry, enabled: false } },
        toString: { users: entry },
      });
    expect(attempt).toThrow(ProducerConfigurationError);
    expect(attempt).toThrow(
      expect.objectContaining({
        issues: [
          {
            path: 'org.openedx.learning.user.registred.v1',
            message: expect.stringContaining(`did you mean ${signal.eventType}?`),
          },
          {
            path: `${signal.eventType} → users → event_key_field`,
            message: expect.stringContaining('a record'),
          },
          {
            path: `${signal.eventType} → audit → event_key_field`,
            message: expect.stringContaining('an optional'),
          },
          { path: `${local.eventType} → users`, message: expect.stringContaining('it holds a password') },
          { path: 'toString', message: expect.stringContaining('no signal of this type is loaded') },
        ],
      }),
    );
  });
});
