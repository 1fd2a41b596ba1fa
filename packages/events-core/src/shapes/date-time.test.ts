import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { InvalidDateTimeError } from '../errors/data-errors.js';
import { DateTime } from './date-time.js';

/** The parts of a date-time, drawn so that every combination is one that Python's `datetime` can hold. */
const parts = fc.record({
  year: fc.integer({ min: 1, max: 9999 }),
  month: fc.integer({ min: 1, max: 12 }),
  day: fc.integer({ min: 1, max: 28 }),
  hour: fc.integer({ min: 0, max: 23 }),
  minute: fc.integer({ min: 0, max: 59 }),
  second: fc.integer({ min: 0, max: 59 }),
  micros: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 999_999 })),
  offset: fc.oneof(
    fc.constant(undefined),
    fc.constant({ sign: '+', seconds: 0, micros: 0 }),
    fc.record({
      sign: fc.constantFrom('+', '-'),
      seconds: fc.integer({ min: 1, max: 86_399 }),
      micros: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 999_999 })),
    }),
  ),
});
type Parts = typeof parts extends fc.Arbitrary<infer T> ? T : never;

const pad = (value: number, length = 2) => String(value).padStart(length, '0');

/** What `datetime.isoformat()` writes: six digits of fraction or none, seconds in an offset only where there are any. */
function isoformat({ year, month, day, hour, minute, second, micros, offset }: Parts): string {
  const local = `${pad(year, 4)}-${pad(month)}-${pad(day)}T${pad(hour)}:${pad(minute)}:${pad(second)}`;
  const fraction = micros === 0 ? '' : `.${pad(micros, 6)}`;
  return `${local}${fraction}${offset === undefined ? '' : isoOffset(offset)}`;
}

function isoOffset({ sign, seconds, micros }: NonNullable<Parts['offset']>): string {
  const minutes = `${sign}${pad(Math.floor(seconds / 3600))}:${pad(Math.floor(seconds / 60) % 60)}`;
  if (seconds % 60 === 0 && micros === 0) return minutes;
  return `${minutes}:${pad(seconds % 60)}${micros === 0 ? '' : `.${pad(micros, 6)}`}`;
}

describe('DateTime.parse', () => {
  it('reads everything that isoformat() writes, and keeps the text', () => {
    fc.assert(
      fc.property(parts, (drawn) => {
        const text = isoformat(drawn);
        expect(DateTime.parse(text).iso).toBe(text);
        expect(DateTime.parse(text).isNaive).toBe(drawn.offset === undefined);
      }),
    );
  });

  it('agrees with a calculation of the instant, to the microsecond', () => {
    fc.assert(
      fc.property(parts, (drawn) => {
        fc.pre(drawn.offset !== undefined);
        const { year, month, day, hour, minute, second, micros, offset } = drawn;
        const date = new Date(Date.UTC(2000, month - 1, day, hour, minute, second));
        date.setUTCFullYear(year);
        const seconds = BigInt(date.getTime() / 1000);
        const { sign, seconds: away, micros: further } = offset as NonNullable<Parts['offset']>;
        const shift = (BigInt(away) * 1_000_000n + BigInt(further)) * (sign === '+' ? 1n : -1n);
        expect(DateTime.parse(isoformat(drawn)).epochMicroseconds).toBe(
          seconds * 1_000_000n + BigInt(micros) - shift,
        );
      }),
    );
  });

  it.each([
    ['Z', '2026-01-02T03:04:05Z'],
    ['a space for T', '2026-01-02 03:04:05+00:00'],
    ['a fraction of one digit', '2026-01-02T03:04:05.1+00:00'],
    ['a fraction of three digits', '2026-01-02T03:04:05.123Z'],
    ['a leap day', '2024-02-29T00:00:00'],
    ['a leap day of a year divisible by 400', '2000-02-29T00:00:00'],
    ['the first instant', '0001-01-01T00:00:00+00:00'],
    ['the last', '9999-12-31T23:59:59.999999+00:00'],
    ['an offset with seconds', '1890-01-01T00:00:00+00:19:32'],
    ['everything at its longest', '1890-01-01T00:00:00.123456-23:59:59.999999'],
  ])('reads %s', (_, text) => {
    expect(DateTime.parse(text).iso).toBe(text);
  });

  it.each([
    ['the empty text', ''],
    ['a date alone', '2026-01-02'],
    ['no seconds', '2026-01-02T03:04'],
    ['hour 24', '2026-01-02T24:00:00'],
    ['minute 60', '2026-01-02T03:60:00'],
    ['a leap second', '2026-12-31T23:59:60+00:00'],
    ['month 0', '2026-00-02T03:04:05'],
    ['month 13', '2026-13-02T03:04:05'],
    ['day 0', '2026-01-00T03:04:05'],
    ['day 31 of a short month', '2026-04-31T03:04:05'],
    ['a leap day of another year', '2023-02-29T00:00:00'],
    ['a leap day of a year divisible by 100', '1900-02-29T00:00:00'],
    ['the year 0', '0000-01-01T00:00:00+00:00'],
    ['a year of five digits', '12026-01-02T03:04:05'],
    ['a signed year', '+002026-01-02T03:04:05Z'],
    ['a point without digits', '2026-01-02T03:04:05.+00:00'],
    ['more than microseconds', '2026-01-02T03:04:05.1234567+00:00'],
    ['a small z', '2026-01-02T03:04:05z'],
    ['an offset without colon', '2026-01-02T03:04:05+0000'],
    ['an offset of a day', '2026-01-02T03:04:05+24:00'],
    ['an offset of a day, with seconds', '2026-01-02T03:04:05+24:00:00'],
    ['an offset with 60 minutes', '2026-01-02T03:04:05+01:60:00'],
    ['an offset with 60 seconds', '2026-01-02T03:04:05+01:00:60'],
    ['an offset with a short fraction', '2026-01-02T03:04:05+01:00:00.1'],
    ['digits of another script', '２026-01-02T03:04:05'],
    ['white space around it', ' 2026-01-02T03:04:05 '],
    ['a line end', '2026-01-02T03:04:05\n'],
  ])('refuses %s', (_, text) => {
    expect(() => DateTime.parse(text)).toThrow(InvalidDateTimeError);
  });

  it('throws nothing but InvalidDateTimeError, whatever it is given', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.anything()), (value) => {
        try {
          DateTime.parse(value as string);
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidDateTimeError);
        }
      }),
    );
  });
});

describe('DateTime.from', () => {
  it('leaves a text that isoformat() wrote as it is', () => {
    fc.assert(
      fc.property(parts, (drawn) => {
        const text = isoformat(drawn);
        expect(DateTime.from(text).iso).toBe(text);
        expect(DateTime.from(DateTime.parse(text)).iso).toBe(text);
      }),
    );
  });

  it.each([
    ['2026-01-02T03:04:05Z', '2026-01-02T03:04:05+00:00'],
    ['2026-01-02 03:04:05', '2026-01-02T03:04:05'],
    ['2026-01-02T03:04:05.000+00:00', '2026-01-02T03:04:05+00:00'],
    ['2026-01-02T03:04:05.12Z', '2026-01-02T03:04:05.120000+00:00'],
    ['2026-01-02T03:04:05.5-05:30', '2026-01-02T03:04:05.500000-05:30'],
    ['2026-01-02T03:04:05-00:00', '2026-01-02T03:04:05+00:00'],
    ['2026-01-02T03:04:05+01:00:00', '2026-01-02T03:04:05+01:00'],
    ['2026-01-02T03:04:05+01:00:30.000000', '2026-01-02T03:04:05+01:00:30'],
  ])('writes %s as isoformat() does: %s', (given, written) => {
    expect(DateTime.from(given).iso).toBe(written);
    expect(DateTime.from(DateTime.parse(given)).iso).toBe(written);
  });

  it('accepts a Date, before 1970 too', () => {
    expect(DateTime.from(new Date('2026-01-02T03:04:05.006Z')).iso).toBe('2026-01-02T03:04:05.006000+00:00');
    expect(DateTime.from(new Date(0)).iso).toBe('1970-01-01T00:00:00+00:00');
    expect(DateTime.from(new Date(-1)).iso).toBe('1969-12-31T23:59:59.999000+00:00');
  });

  it('gives back every Date that it was given, to the millisecond', () => {
    const dates = fc.date({
      min: new Date('0001-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59.999Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(dates, (date) => {
        expect(DateTime.from(date).toDate()).toEqual(date);
        expect(DateTime.parse(DateTime.from(date).iso).isNaive).toBe(false);
      }),
    );
  });

  it.each([
    ['an invalid Date', new Date(Number.NaN)],
    ['a Date after the year 9999', new Date('+010000-01-01T00:00:00Z')],
    ['a Date before the year 1', new Date('0000-12-31T23:59:59.999Z')],
    ['a number', 1_700_000_000_000],
    ['null', null],
  ])('refuses %s', (_, value) => {
    expect(() => DateTime.from(value as Date)).toThrow(InvalidDateTimeError);
  });
});

describe('DateTime.fromEpochMs', () => {
  it('rounds fractions of a millisecond to microseconds', () => {
    expect(DateTime.fromEpochMs(0.001).iso).toBe('1970-01-01T00:00:00.000001+00:00');
    expect(DateTime.fromEpochMs(-0.001).iso).toBe('1969-12-31T23:59:59.999999+00:00');
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 8.64e15, -8.64e15, 1e300])('refuses %d', (epochMs) => {
    expect(() => DateTime.fromEpochMs(epochMs)).toThrow(InvalidDateTimeError);
  });
});

describe('DateTime.fromEpochMicroseconds', () => {
  it('is the way back from epochMicroseconds', () => {
    const first = -62_135_596_800_000_000n;
    const last = 253_402_300_799_999_999n;
    fc.assert(
      fc.property(fc.bigInt({ min: first, max: last }), (micros) => {
        expect(DateTime.fromEpochMicroseconds(micros).epochMicroseconds).toBe(micros);
      }),
    );
    expect(DateTime.fromEpochMicroseconds(first).iso).toBe('0001-01-01T00:00:00+00:00');
    expect(DateTime.fromEpochMicroseconds(last).iso).toBe('9999-12-31T23:59:59.999999+00:00');
    expect(() => DateTime.fromEpochMicroseconds(first - 1n)).toThrow(InvalidDateTimeError);
    expect(() => DateTime.fromEpochMicroseconds(last + 1n)).toThrow(InvalidDateTimeError);
  });
});

describe('toDate', () => {
  it('cuts microseconds off towards the past, before 1970 too', () => {
    expect(DateTime.parse('2026-01-02T03:04:05.678999+00:00').toDate()).toEqual(
      new Date('2026-01-02T03:04:05.678Z'),
    );
    expect(DateTime.parse('1969-12-31T23:59:59.999999+00:00').toDate()).toEqual(new Date(-1));
    expect(DateTime.parse('1969-12-31T23:59:59+00:00').toDate()).toEqual(new Date(-1000));
  });

  it('reads a naive date-time only as configured', () => {
    const naive = DateTime.parse('2026-01-02T03:04:05');
    expect(() => naive.toDate()).toThrow(InvalidDateTimeError);
    expect(() => naive.epochMicroseconds).toThrow(InvalidDateTimeError);
    expect(naive.toDate({ naiveAs: 'utc' })).toEqual(new Date('2026-01-02T03:04:05Z'));
    expect(DateTime.parse('2026-01-02T03:04:05+01:00').toDate({ naiveAs: 'utc' })).toEqual(
      new Date('2026-01-02T02:04:05Z'),
    );
  });
});

describe('equals', () => {
  it('compares instants, whatever their offset, and naive date-times with each other only', () => {
    const at = (text: string) => DateTime.parse(text);
    expect(at('2026-01-02T03:04:05Z').equals(at('2026-01-02T04:04:05.000+01:00'))).toBe(true);
    expect(at('2026-01-02T03:04:05Z').equals(at('2026-01-02T03:04:05.000001+00:00'))).toBe(false);
    expect(at('2026-01-02T03:04:05').equals(at('2026-01-02T03:04:05.0'))).toBe(true);
    expect(at('2026-01-02T03:04:05').equals(at('2026-01-02T03:04:05Z'))).toBe(false);
  });
});

describe('a DateTime', () => {
  it('prints and serializes as its text', () => {
    const time = DateTime.parse('2026-01-02T03:04:05.678901+00:00');
    expect(String(time)).toBe(time.iso);
    expect(JSON.stringify({ time })).toBe('{"time":"2026-01-02T03:04:05.678901+00:00"}');
  });

  it('is recognised, compared and taken by another copy of the package', async () => {
    vi.resetModules();
    const other = (await import('./date-time.js')).DateTime;
    expect(other).not.toBe(DateTime);
    const theirs = other.parse('2026-01-02T03:04:05+00:00');
    expect(DateTime.is(theirs)).toBe(true);
    expect(DateTime.from(theirs)).toBe(theirs);
    expect(DateTime.parse('2026-01-02T04:04:05+01:00').equals(theirs)).toBe(true);
  });

  it.each([[{ iso: '2026-01-02T03:04:05' }], ['2026-01-02T03:04:05'], [new Date(0)], [null]])(
    'is not %o',
    (value) => {
      expect(DateTime.is(value)).toBe(false);
    },
  );
});
