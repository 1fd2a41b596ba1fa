import {
  boolean,
  bytes,
  custom,
  datetime,
  defineSignal,
  double,
  enumeration,
  InvalidDataError,
  json,
  list,
  long,
  map,
  optional,
  record,
  string,
  uuid,
  withDefault,
} from '@openedx-ts/events-core';
import { describe, expect, it } from 'vitest';
import { eventFactory } from './event-factory.js';
import { isolateSignals } from './isolate-signals.js';
import { NoSampleError } from './no-sample-error.js';
import { sampleOf } from './sample-of.js';
import { seededRandom } from './seeded-random.js';

const opaque = custom<string, string, 'string'>({
  name: 'Opaque',
  wire: 'string',
  normalize: (value) => value,
  toWire: (value) => value,
  fromWire: (value) => value,
});

const { EVERYTHING, SECRET } = (() => {
  using _scope = isolateSignals();
  return {
    EVERYTHING: defineSignal({
      eventType: 'org.openedx.testing.made_up.everything.v1',
      data: {
        all: record('MadeUp', {
          text: string(),
          flag: boolean(),
          count: long(),
          ratio: double(),
          blob: bytes(),
          items: list(record('MadeUpItem', { id: long(), note: optional(string()) })),
          by_name: map(double()),
          note: optional(string()),
          boss: optional(record('MadeUpBoss', { id: long(), name: string() })),
          mode: enumeration(['audit', 'verified']),
          at: datetime(),
          id: uuid(),
          extra: json(),
          level: withDefault(long(), 3),
        }),
      },
    }),
    SECRET: defineSignal({
      eventType: 'org.openedx.testing.made_up.opaque.v1',
      data: { all: record('MadeUpOpaque', { id: long(), of: opaque, more: list(opaque) }) },
    }),
  };
})();

describe('eventFactory', () => {
  it('makes data that the signal accepts, whatever the seed', async () => {
    for (let seed = 0; seed < 200; seed += 1) {
      await EVERYTHING.sendEvent(eventFactory(EVERYTHING, { seed }).build(), { loud: true });
    }
  });

  it('makes the same data from the same seed, and other data from another', () => {
    const three = (seed: number) => eventFactory(EVERYTHING, { seed }).buildMany(3);
    expect(three(7)).toEqual(three(7));
    expect(three(7)).not.toEqual(three(8));
    const [first, second] = three(7);
    expect(first).not.toEqual(second);
    expect(eventFactory(EVERYTHING).build()).toEqual(eventFactory(EVERYTHING, { seed: 1 }).build());
  });

  it('leaves out optional values now and then', () => {
    const notes = eventFactory(EVERYTHING)
      .buildMany(50)
      .map(({ all }) => all.note);
    expect(new Set(notes.map((note) => note === null))).toEqual(new Set([true, false]));
  });

  it('uses what is given and changes nothing else', () => {
    const overrides = { all: { text: 'mine', note: null, items: [], boss: { name: 'eve' } } };
    const plain = eventFactory(EVERYTHING, { seed: 5 }).buildMany(2);
    const given = eventFactory(EVERYTHING, { seed: 5 }).buildMany(2, overrides);
    for (const [index, { all }] of given.entries()) {
      const { text, note, items, boss, ...rest } = all;
      expect({ text, note, items }).toEqual({ text: 'mine', note: null, items: [] });
      expect(boss).toEqual({ id: expect.any(Number), name: 'eve' });
      expect(plain[index]?.all).toMatchObject(rest);
    }
  });

  it('makes up fields with names that every object inherits', () => {
    const INHERITED = defineSignal({
      eventType: 'org.openedx.testing.made.inherited.v1',
      data: { all: record('Inherited', { constructor: string(), toString: long() }) },
    });
    const { all } = eventFactory(INHERITED).build({ all: { constructor: 'mine' } } as object);
    expect(all).toEqual({ constructor: 'mine', toString: expect.any(Number) });
  });

  it('refuses what does not fit, with every path', () => {
    const wrong = { all: { count: 'x', txet: 'y' } } as object;
    expect(() => eventFactory(EVERYTHING).build(wrong)).toThrow(InvalidDataError);
    expect(() => eventFactory(EVERYTHING).build(wrong)).toThrow(
      /all\.count: expected an integer, got text; all\.txet: .*did you mean text/,
    );
    expect(() => eventFactory(EVERYTHING).build({ all: 'no record' } as object)).toThrow(InvalidDataError);
  });

  it('asks for fields that it cannot make up', () => {
    expect(() => eventFactory(SECRET).build()).toThrow(NoSampleError);
    expect(() => eventFactory(SECRET).build({ all: { of: 'x' } })).toThrow(
      /^no sample for all\.more\.0: give the custom type Opaque a sample function, or override the field$/,
    );
    expect(eventFactory(SECRET).build({ all: { of: 'x', more: [] } })).toMatchObject({
      all: { of: 'x', more: [] },
    });
  });
});

describe('sampleOf', () => {
  it('makes a value of any shape', () => {
    expect(sampleOf(list(long()), seededRandom(3))).toEqual(sampleOf(list(long()), seededRandom(3)));
    expect(['a', 'b']).toContain(sampleOf(enumeration(['a', 'b']), seededRandom(1)));
    expect(() => sampleOf(opaque, seededRandom(1))).toThrow('no sample for the value');
  });
});

describe('seededRandom', () => {
  it('spreads over [0, 1) and depends on the seed', () => {
    const random = seededRandom(42);
    const tenths = new Set(Array.from({ length: 200 }, () => Math.floor(random() * 10)));
    expect([...tenths].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(seededRandom(1)()).not.toBe(seededRandom(2)());
  });
});
