import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UnusableMessageError } from '../errors/wire-errors.js';
import { anyMetadata } from '../metadata/arbitrary-metadata.test-support.js';
import { createMetadata } from '../metadata/create-metadata.js';
import { ManualClock } from '../runtime/manual-clock.test-support.js';
import { configureEvents } from '../runtime/runtime.js';
import { snapshotSignals } from '../signals/registry.js';
import { decodeHeaders, encodeHeaders, type HeaderNaming } from './headers.js';
import type { Header } from './message.js';

const restore = snapshotSignals();
beforeEach(() => {
  configureEvents({ clock: new ManualClock('2026-06-07T08:09:10Z') });
});
afterEach(restore);

const namings: readonly HeaderNaming[] = ['kafka', 'redis'];
const metadata = createMetadata({
  eventType: 'org.openedx.learning.badge.awarded.v1',
  id: '54d4973c-e584-11f1-a2d7-02fc00000001',
  minorVersion: 2,
  source: 'openedx/lms/web',
  sourceHost: 'vm',
  time: '2026-01-02T03:04:05.678901Z',
  sourceLib: [10, 5, 0],
  correlationId: 'first',
  causationId: 'before',
  trace: { traceparent: '00-aa-bb-01', tracestate: 'x=y' },
});

const bytes = (text: string) => Buffer.from(text, 'utf8');
const texts = (headers: readonly Header[]) =>
  headers.map(([name, value]) => [name, Buffer.from(value ?? []).toString('utf8')]);
const without = (name: string) => encodeHeaders(metadata, 'kafka').filter((header) => header[0] !== name);
const withValue = (name: string, value: Uint8Array): Header[] => [...without(name), [name, value]];

describe('encodeHeaders', () => {
  it('writes the headers of the Python services in their order, then ours', () => {
    expect(texts(encodeHeaders(metadata, 'kafka'))).toEqual([
      ['ce_specversion', '1.0'],
      ['content-type', 'application/avro'],
      ['ce_datacontenttype', 'application/avro'],
      ['ce_type', 'org.openedx.learning.badge.awarded.v1'],
      ['ce_id', '54d4973c-e584-11f1-a2d7-02fc00000001'],
      ['ce_source', 'openedx/lms/web'],
      ['ce_time', '2026-01-02T03:04:05.678901+00:00'],
      ['ce_minorversion', '2'],
      ['sourcehost', 'vm'],
      ['sourcelib', '10.5.0'],
      ['ce_correlationid', 'first'],
      ['ce_causationid', 'before'],
      ['traceparent', '00-aa-bb-01'],
      ['tracestate', 'x=y'],
    ]);
    expect(encodeHeaders(metadata, 'redis').map(([name]) => name)).toEqual([
      ...['type', 'id', 'source', 'time', 'minorversion', 'sourcehost', 'sourcelib'],
      ...['correlationid', 'causationid', 'traceparent', 'tracestate'],
    ]);
  });

  it('writes each of events in turn as its own', () => {
    const other = { ...metadata, source: 'openedx/cms/web', sourceLib: [1, 2, 3], minorVersion: 3 };
    for (const one of [metadata, other, metadata, metadata, other]) {
      const { source, sourceLib, minorVersion } = decodeHeaders(encodeHeaders(one, 'redis'), 'redis');
      expect({ source, sourceLib, minorVersion }).toEqual({
        source: one.source,
        sourceLib: one.sourceLib,
        minorVersion: one.minorVersion,
      });
    }
  });
});

describe('decodeHeaders', () => {
  it.each(namings)('is the way back from encodeHeaders, for %s', (naming) => {
    fc.assert(
      fc.property(anyMetadata, (any) => {
        expect(decodeHeaders(encodeHeaders(any, naming), naming)).toEqual(any);
      }),
    );
  });

  it.each(namings)('accepts headers in any order, among unknown ones, for %s', (naming) => {
    const noise: Header[] = [
      ['x-unknown', Uint8Array.of(0xff)],
      ['x-unknown', bytes('again')],
    ];
    fc.assert(
      fc.property(
        fc.shuffledSubarray([...encodeHeaders(metadata, naming), ...noise], {
          minLength: naming === 'kafka' ? 16 : 13,
        }),
        (headers) => {
          expect(decodeHeaders(headers, naming)).toEqual(metadata);
        },
      ),
    );
  });

  it.each([
    ['ce_source', { source: 'unknown', defaulted: ['source'] }],
    ['sourcehost', { sourceHost: 'unknown', defaulted: ['sourceHost'] }],
    ['ce_minorversion', { minorVersion: 0, defaulted: ['minorVersion'] }],
    ['sourcelib', { sourceLib: [0, 0, 0], defaulted: ['sourceLib'] }],
    ['ce_time', { defaulted: ['time'] }],
  ])('puts a stand-in for %s where it is missing or empty, and marks it', (name, expected) => {
    for (const headers of [without(name), withValue(name, bytes(''))]) {
      expect(decodeHeaders(headers, 'kafka')).toMatchObject(expected);
    }
  });

  it('uses the time of receipt for a missing time', () => {
    expect(decodeHeaders(without('ce_time'), 'kafka').time.iso).toBe('2026-06-07T08:09:10+00:00');
  });

  it('needs no more than type and id', () => {
    const decoded = decodeHeaders(
      [
        ['type', bytes('e')],
        ['id', bytes(metadata.id)],
      ],
      'redis',
    );
    expect(decoded.defaulted).toEqual(['source', 'time', 'minorVersion', 'sourceHost', 'sourceLib']);
    expect(decoded).toMatchObject({ eventType: 'e', correlationId: null, causationId: null, trace: null });
  });

  it.each(['ce_type', 'ce_id'])('cannot use a message without %s', (name) => {
    for (const headers of [without(name), withValue(name, bytes(''))]) {
      expect(() => decodeHeaders(headers, 'kafka')).toThrow(expect.objectContaining({ header: name }));
    }
  });

  it.each(['ce_type', 'ce_id', 'ce_source', 'ce_time', 'ce_minorversion', 'sourcehost', 'sourcelib'])(
    'cannot use a message that has %s twice',
    (name) => {
      const [again] = encodeHeaders(metadata, 'kafka').filter((header) => header[0] === name);
      const attempt = () => decodeHeaders([...encodeHeaders(metadata, 'kafka'), again as Header], 'kafka');
      expect(attempt).toThrow(UnusableMessageError);
      expect(attempt).toThrow(`header ${name} is there more than once`);
    },
  );

  it.each([
    ['ce_type', Uint8Array.of(0xff, 0xfe)],
    ['ce_id', bytes('hunter2')],
    ['ce_source', Uint8Array.of(0xc3)],
    ['ce_time', bytes('2026-01-02T03:04:05')],
    ['ce_time', bytes('2026-01-02T03:04:05+01:00')],
    ['ce_time', bytes('yesterday')],
    ['ce_minorversion', bytes('one')],
    ['ce_minorversion', bytes('1.0')],
    ['ce_minorversion', bytes('9'.repeat(16))],
    ['ce_minorversion', bytes(' 1')],
    ['sourcelib', bytes('1.0.0-rc1')],
    ['sourcelib', bytes('1..0')],
    ['sourcelib', bytes('1.-1')],
    ['sourcelib', bytes('v1')],
  ])('cannot use a message whose %s is none, and does not repeat what it said', (name, value) => {
    const attempt = () => decodeHeaders(withValue(name, value), 'kafka');
    expect(attempt).toThrow(UnusableMessageError);
    expect(attempt).toThrow(new RegExp(`: header ${name} cannot be read$`));
  });

  it.each(['2026-01-02T03:04:05Z', '2026-01-02T03:04:05.678+00:00', '2026-01-02 03:04:05-00:00'])(
    'keeps the time %s as it was written',
    (time) => {
      const decoded = decodeHeaders(withValue('ce_time', bytes(time)), 'kafka');
      expect(decoded.time.iso).toBe(time);
      expect(texts(encodeHeaders(decoded, 'kafka'))).toContainEqual(['ce_time', time]);
    },
  );

  it.each([
    ['2026-01-02T03:04:05.123456789Z', '2026-01-02T03:04:05.123456+00:00'],
    ['2026-01-02T03:04:05,5Z', '2026-01-02T03:04:05.500000+00:00'],
    ['2026-01-02T03:04Z', '2026-01-02T03:04:00+00:00'],
    ['2026-01-02 03+00:00', '2026-01-02T03:00:00+00:00'],
    ['20260102T030405Z', '2026-01-02T03:04:05+00:00'],
    ['20260102T030405.678901+0000', '2026-01-02T03:04:05.678901+00:00'],
    ['2026-W01-5T03:04:05Z', '2026-01-02T03:04:05+00:00'],
    ['2026W015T03:04:05Z', '2026-01-02T03:04:05+00:00'],
    ['2020-W53T03:04:05-00', '2020-12-28T03:04:05+00:00'],
  ])('reads the time %s, as Python does', (text, iso) => {
    expect(decodeHeaders(withValue('ce_time', bytes(text)), 'kafka').time.iso).toBe(iso);
  });

  it.each([
    '2026-W54-1T03:04Z',
    '2025-W53-1T03:04Z',
    '2026-W00-1T03:04Z',
    '2026-02-30T03:04Z',
    '2026-0102T03:04Z',
    '2026-01-02T03:04',
    '2026-01-02T03:04+01',
    '2026-01-02T24:00Z',
    '2026-01-02T03:0405Z',
    '20260102',
  ])('cannot use the time %s, which Python does not read or is not in UTC', (text) => {
    expect(() => decodeHeaders(withValue('ce_time', bytes(text)), 'kafka')).toThrow(UnusableMessageError);
  });

  it.each([
    ['0198C5A07B1C7D2E8F3A4B5C6D7E8F90', '0198c5a0-7b1c-7d2e-8f3a-4b5c6d7e8f90'],
    ['urn:uuid:0198c5a0-7b1c-7d2e-8f3a-4b5c6d7e8f90', '0198c5a0-7b1c-7d2e-8f3a-4b5c6d7e8f90'],
    ['{0198c5a0-7b1c-7d2e-8f3a-4b5c6d7e8f90}', '0198c5a0-7b1c-7d2e-8f3a-4b5c6d7e8f90'],
  ])('reads the id %s, as Python does', (text, id) => {
    expect(decodeHeaders(withValue('ce_id', bytes(text)), 'kafka').id).toBe(id);
  });

  it('cannot be changed', () => {
    for (const decoded of [
      decodeHeaders(encodeHeaders(metadata, 'kafka'), 'kafka'),
      decodeHeaders(without('sourcelib'), 'kafka'),
    ]) {
      expect(Object.isFrozen(decoded)).toBe(true);
      expect(Object.isFrozen(decoded.sourceLib)).toBe(true);
      expect(Object.isFrozen(decoded.defaulted)).toBe(true);
    }
  });

  it.each(['\ufffd', '\ufeffname', 'né 学 \u{1f393}'])('keeps the text %j as it was sent', (source) => {
    expect(decodeHeaders(withValue('ce_source', bytes(source)), 'kafka').source).toBe(source);
  });

  it('distinguishes U+FFFD from bytes that are no UTF-8', () => {
    const mixed = Buffer.concat([bytes('\ufffd'), Buffer.from([0xff])]);
    expect(() => decodeHeaders(withValue('ce_source', mixed), 'kafka')).toThrow(UnusableMessageError);
  });

  it('ignores our own headers where they cannot be read: they are no part of the contract', () => {
    const decoded = decodeHeaders(withValue('ce_correlationid', Uint8Array.of(0xff)), 'kafka');
    expect(decoded.correlationId).toBeNull();
    expect(decodeHeaders(without('traceparent'), 'kafka').trace).toBeNull();
  });

  it('accepts ten thousand headers and a value of a megabyte without harm', () => {
    const many = Array.from({ length: 10_000 }, (_, index): Header => [`h${index % 100}`, bytes('x')]);
    expect(decodeHeaders([...many, ...encodeHeaders(metadata, 'kafka')], 'kafka')).toEqual(metadata);
    const megabyte = Buffer.alloc(1_000_000, '7');
    for (const name of ['ce_id', 'ce_time', 'ce_minorversion', 'sourcelib']) {
      const attempt = () => decodeHeaders(withValue(name, megabyte), 'kafka');
      expect(attempt).toThrow(/^.{1,100}$/);
    }
    expect(() => decodeHeaders(withValue('sourcelib', bytes('1.'.repeat(500_000))), 'kafka')).toThrow(
      UnusableMessageError,
    );
  });

  it('throws nothing but UnusableMessageError, whatever the headers are', () => {
    const name = fc.constantFrom(...encodeHeaders(metadata, 'kafka').map((header) => header[0]));
    const headers = fc.array(fc.tuple(name, fc.oneof(fc.uint8Array(), fc.string().map(bytes))));
    fc.assert(
      fc.property(headers, (some) => {
        try {
          decodeHeaders(
            [
              ...some,
              ...encodeHeaders(metadata, 'kafka').filter(
                ([known]) => !some.some(([other]) => other === known),
              ),
            ],
            'kafka',
          );
        } catch (error) {
          expect(error).toBeInstanceOf(UnusableMessageError);
        }
      }),
    );
  });
});
