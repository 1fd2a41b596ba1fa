import {
  boolean,
  bytes,
  DateTime,
  datetime,
  defineSignal,
  InvalidDataError,
  json,
  list,
  long,
  map,
  optional,
  record,
  string,
  withDefault,
} from '@openedx-ts/events-core';
import { describe, expect, it } from 'vitest';
import { isolateSignals } from './isolate-signals.js';
import { dataMatcher } from './match-data.js';

const EVENT = (() => {
  using _scope = isolateSignals();
  return defineSignal({
    eventType: 'org.openedx.testing.matched.compared.v1',
    data: {
      user: record('MatchedUser', {
        id: long(),
        pii: record('MatchedPii', { email: string(), name: optional(string()) }),
        joined: datetime(),
        tags: list(string()),
        scores: map(long()),
        photo: bytes(),
        is_active: withDefault(boolean(), true),
        extra: json(),
        boss: optional(record('MatchedBoss', { id: long(), name: string() })),
      }),
    },
  });
})();

const data = {
  user: {
    id: 7,
    pii: { email: 'a@example.com', name: null },
    joined: DateTime.parse('2026-01-02T03:04:05Z'),
    tags: ['a', 'b'],
    scores: { math: 1, art: 2 },
    photo: Uint8Array.of(1, 2),
    is_active: true,
    extra: { level: 2, tags: ['x'] },
    boss: { id: 1, name: 'eve' },
  },
};

describe('dataMatcher', () => {
  it.each([
    [{}],
    [{ user: {} }],
    [{ user: { id: 7, pii: { name: null } } }],
    [{ user: { joined: '2026-01-02T04:04:05+01:00' } }],
    [{ user: { joined: new Date(Date.UTC(2026, 0, 2, 3, 4, 5)) } }],
    [{ user: { tags: ['a', 'b'], scores: { art: 2, math: 1 }, photo: Buffer.from([1, 2]) } }],
    [{ user: { is_active: true, boss: { name: 'eve' } } }],
    [{ user: { extra: { tags: ['x'], level: 2 } } }],
  ])('finds no difference in %j', (expected) => {
    expect(dataMatcher(EVENT, expected)(data)).toEqual([]);
  });

  it.each([
    ['user.id', { user: { id: 8 } }],
    ['user.pii.name', { user: { pii: { name: 'Ada' } } }],
    ['user.joined', { user: { joined: '2026-01-02T03:04:05' } }],
    ['user.tags', { user: { tags: ['a'] } }],
    ['user.scores', { user: { scores: { math: 1 } } }],
    ['user.photo', { user: { photo: Uint8Array.of(1) } }],
    ['user.is_active', { user: { is_active: false } }],
    ['user.extra', { user: { extra: { tags: ['x'] } } }],
    ['user.boss', { user: { boss: null } }],
    ['user.boss.name', { user: { boss: { name: 'bob' } } }],
  ])('finds the difference at %s', (path, expected) => {
    expect(dataMatcher(EVENT, expected)(data).map((mismatch) => mismatch.path)).toEqual([path]);
  });

  it('shows both values as they travel', () => {
    const [mismatch] = dataMatcher(EVENT, { user: { joined: new Date(0) } })(data);
    expect(mismatch).toEqual({
      path: 'user.joined',
      expected: '1970-01-01T00:00:00+00:00',
      received: '2026-01-02T03:04:05+00:00',
    });
  });

  it('differs at a record that is not there', () => {
    const without = { user: { ...data.user, boss: null } };
    expect(dataMatcher(EVENT, { user: { boss: { id: 1 } } })(without)).toEqual([
      { path: 'user.boss', expected: { id: 1 }, received: null },
    ]);
  });

  it('refuses what the signal can never carry, with every issue', () => {
    const wrong = { user: { id: 'x', pii: { mail: 'a' } } } as object;
    try {
      dataMatcher(EVENT, wrong);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(InvalidDataError);
      expect((error as InvalidDataError).issues).toEqual([
        { path: 'user.id', message: 'expected an integer, got text' },
        { path: 'user.pii.mail', message: 'no such field; there is email, name' },
      ]);
    }
  });
});
