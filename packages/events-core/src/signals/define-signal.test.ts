import { afterEach, describe, expect, it } from 'vitest';
import { InvalidSignalError } from '../errors/signal-errors.js';
import { optional } from '../shapes/optional.js';
import { bytes, long, string } from '../shapes/primitives.js';
import { record } from '../shapes/record.js';
import { withDefault } from '../shapes/with-default.js';
import { defineSignal } from './define-signal.js';
import { userData } from './fixtures.test-support.js';
import { allSignals, snapshotSignals } from './registry.js';
import type { PayloadFields } from './signal.js';
import type { SignalDefinition } from './signal-definition.js';

const restore = snapshotSignals();
afterEach(restore);

const eventType = 'org.openedx.learning.user.registered.v1';
const good = { eventType, data: { user: userData } } as const;

describe('defineSignal', () => {
  it('keeps what it is given', () => {
    const signal = defineSignal({
      ...good,
      minorVersion: 2,
      doc: 'A user registered.',
      eventKeyField: 'user.pii.username',
      producedBy: ['openedx/edx-platform'],
      since: '1.0.0',
      deprecated: 'use another',
      localOnly: 'holds a password',
    });
    expect(signal).toMatchObject({ eventType, minorVersion: 2, enabled: true, receivers: [] });
    expect(signal.shape.fields).toEqual({ user: userData });
    expect(signal.about).toEqual({
      doc: 'A user registered.',
      eventKeyField: 'user.pii.username',
      producedBy: ['openedx/edx-platform'],
      since: '1.0.0',
      deprecated: 'use another',
      localOnly: 'holds a password',
    });
    expect(String(signal)).toBe(`<OpenEdxPublicSignal: ${eventType}>`);
    expect(Object.isFrozen(signal)).toBe(true);
  });

  it('states nothing where it was given nothing', () => {
    const { about, minorVersion } = defineSignal(good);
    expect(minorVersion).toBe(0);
    expect(about).toEqual({ producedBy: [] });
  });

  it.each([
    'org.openedx.authz.role_assignment.created',
    'org.openedx.authz.role_assignment.deleted',
    'org.openedx.enterprise.subsidy.redemption-reversed.v1',
  ])('takes %s, which breaks the naming rule, only with a reason', (irregular) => {
    expect(() => defineSignal({ ...good, eventType: irregular as never })).toThrow('irregularEventType');
    expect(() => defineSignal({ ...good, eventType: irregular, irregularEventType: '' })).toThrow(
      'must say why',
    );
    const signal = defineSignal({ ...good, eventType: irregular, irregularEventType: 'published so' });
    expect(signal.eventType).toBe(irregular);
  });

  it.each<[string, object, RegExp]>([
    ['no event type', { eventType: '' }, /eventType must be text/],
    ['an event type that is no text', { eventType: 5 }, /eventType must be text/],
    ['white space in any type', { eventType: 'a b', irregularEventType: 'so' }, /white space/],
    ['a control character in any type', { eventType: 'a\u0000', irregularEventType: 'so' }, /control/],
    ['a minor version below 0', { minorVersion: -1 }, /minorVersion/],
    ['a fraction of a minor version', { minorVersion: 0.5 }, /minorVersion/],
    ['an empty localOnly', { localOnly: '' }, /localOnly must say why/],
    ['no payload key', { data: {} }, /at least one payload key/],
    [
      'a payload key that Avro has no room for',
      { data: { 'user-data': userData } },
      /payload key "user-data"/,
    ],
    ['an optional payload key', { data: { user: optional(userData) } }, /must always be there/],
    ['a payload key with a default', { data: { n: withDefault(long(), 1) } }, /must always be there/],
    [
      'a key path that does not exist',
      { eventKeyField: 'user.name' },
      /eventKeyField user.name does not exist/,
    ],
    ['a key path to bytes', { data: { b: bytes() }, eventKeyField: 'b' }, /eventKeyField b cannot be a key/],
    [
      'one record name for two things',
      { data: { a: record('R', { x: string() }), b: record('R', { y: string() }) } },
      /record name "R" means two different things/,
    ],
    [
      'a record called like the event itself',
      { data: { a: record('CloudEvent', { x: string() }) } },
      /"CloudEvent"/,
    ],
  ])('refuses %s, and registers nothing', (_, wrong, message) => {
    const attempt = () => defineSignal({ ...good, ...wrong } as SignalDefinition<PayloadFields>);
    expect(attempt).toThrow(InvalidSignalError);
    expect(attempt).toThrow(message);
    expect(allSignals()).toEqual([]);
  });

  it.each(['from_event_bus', 'metadata', 'self', 'send_robust', 'sender', 'signal', 'time'])(
    'refuses the payload key %s, which no Python service could have',
    (key) => {
      expect(() => defineSignal({ eventType, data: { [key]: string() } })).toThrow(
        `payload key "${key}" is reserved`,
      );
    },
  );
});
