import { InvalidDateTimeError } from '../errors/data-errors.js';
import { canonicalText, isDateTimeText, partsOf } from './date-time-text.js';

/**
 * A date-time exactly as it travels: microseconds and offset are kept, and one without an offset (naive) stays so.
 * Immutable; equal texts are equal values. A `Date` is one call away: `toDate()`.
 */
export class DateTime {
  /** The ISO-8601 text, e.g. `2026-01-02T03:04:05.678901+00:00`. */
  readonly iso: string;

  private constructor(iso: string) {
    this.iso = iso;
  }

  /**
   * Reads an ISO-8601 text as Python writes it (`Z` and a space for `T` included) and keeps it as it is.
   *
   * @throws InvalidDateTimeError when it is none, or more precise than microseconds
   */
  static parse(this: void, text: string): DateTime {
    if (typeof text !== 'string' || !isDateTimeText(text)) {
      throw new InvalidDateTimeError('expected an ISO-8601 date-time such as 2026-01-02T03:04:05+00:00');
    }
    return new DateTime(text);
  }

  /**
   * Accepts what may be sent, and brings it into the form Python's `isoformat()` writes: six digits of fraction or none,
   * an offset as `+00:00`, never `Z`.
   *
   * @throws InvalidDateTimeError when a text is no date-time, or a `Date` is invalid or not in the years 1 to 9999
   */
  static from(this: void, value: Date | DateTime | string): DateTime {
    if (DateTime.is(value)) {
      const iso = canonicalText(value.iso);
      return iso === value.iso ? value : new DateTime(iso);
    }
    if (value instanceof Date) {
      if (Number.isNaN(value.getTime())) throw new InvalidDateTimeError('expected a valid Date');
      return DateTime.fromEpochMs(value.getTime());
    }
    if (typeof value === 'string') return new DateTime(canonicalText(DateTime.parse(value).iso));
    throw new InvalidDateTimeError('expected a Date, an ISO-8601 text or a DateTime');
  }

  /**
   * The instant that many milliseconds after 1970, in UTC; fractions of a millisecond become microseconds.
   *
   * @throws InvalidDateTimeError outside the years 1 to 9999, which are all that the text form can say
   */
  static fromEpochMs(this: void, epochMs: number): DateTime {
    if (!(epochMs >= FIRST_MS && epochMs < END_MS)) throw outOfRange();
    if (!Number.isInteger(epochMs)) return DateTime.fromEpochMicroseconds(BigInt(Math.round(epochMs * 1000)));
    const second = Math.floor(epochMs / 1000);
    if (second !== lastSecond) {
      lastSecondText = new Date(second * 1000).toISOString().slice(0, -5);
      lastSecond = second;
    }
    const ms = epochMs - second * 1000;
    if (ms === 0) return new DateTime(`${lastSecondText}+00:00`);
    return new DateTime(`${lastSecondText}.${ms < 10 ? '00' : ms < 100 ? '0' : ''}${ms}000+00:00`);
  }

  /**
   * The instant that many microseconds after 1970, in UTC.
   *
   * @throws InvalidDateTimeError outside the years 1 to 9999, which are all that the text form can say
   */
  static fromEpochMicroseconds(this: void, epochMicroseconds: bigint): DateTime {
    if (epochMicroseconds < BigInt(FIRST_MS) * 1000n || epochMicroseconds >= BigInt(END_MS) * 1000n)
      throw outOfRange();
    const micros = Number(((epochMicroseconds % 1_000_000n) + 1_000_000n) % 1_000_000n);
    const seconds = new Date(Number((epochMicroseconds - BigInt(micros)) / 1000n)).toISOString().slice(0, -5);
    return new DateTime(`${seconds}${micros === 0 ? '' : `.${String(micros).padStart(6, '0')}`}+00:00`);
  }

  /** Like `instanceof DateTime`, and right across two installed copies. */
  static is(this: void, value: unknown): value is DateTime {
    return typeof value === 'object' && value !== null && brand in value;
  }

  /** Whether there is no offset, so that it names no instant. */
  get isNaive(): boolean {
    return partsOf(this.iso).offset === undefined;
  }

  /**
   * Microseconds since 1970.
   *
   * @throws InvalidDateTimeError for a naive date-time: say what it means with `toDate({ naiveAs: 'utc' })`
   */
  get epochMicroseconds(): bigint {
    return epochMicroseconds(this.iso, undefined);
  }

  /**
   * The instant as a `Date`; microseconds are cut off.
   *
   * @throws InvalidDateTimeError for a naive date-time, unless `naiveAs: 'utc'` says how to read it
   */
  toDate(options: { readonly naiveAs?: 'utc' } = {}): Date {
    const micros = epochMicroseconds(this.iso, options.naiveAs);
    return new Date(Number(micros / 1000n - (micros % 1000n < 0n ? 1n : 0n)));
  }

  /** Whether both name the same instant, or both are naive and name the same local time. */
  equals(other: DateTime): boolean {
    if (this.iso === other.iso) return true;
    if (this.isNaive !== other.isNaive) return false;
    return epochMicroseconds(this.iso, 'utc') === epochMicroseconds(other.iso, 'utc');
  }

  toString(): string {
    return this.iso;
  }

  toJSON(): string {
    return this.iso;
  }
}

/** Events come in seconds of many: the text of the last second is made once. */
let lastSecond = Number.NaN;
let lastSecondText = '';

const brand = Symbol.for('@openedx-ts/events-core/date-time');
Object.defineProperty(DateTime.prototype, brand, { value: true });

const FIRST_MS = -62_135_596_800_000; // 0001-01-01T00:00:00Z
const END_MS = 253_402_300_800_000; // the year 10000

function outOfRange(): InvalidDateTimeError {
  return new InvalidDateTimeError('expected an instant in the years 1 to 9999');
}

function epochMicroseconds(text: string, naiveAs: 'utc' | undefined): bigint {
  const { date, time, fraction, offset } = partsOf(text);
  if (offset === undefined && naiveAs === undefined) {
    throw new InvalidDateTimeError(
      "a date-time without an offset names no instant: use toDate({ naiveAs: 'utc' })",
    );
  }
  const micros = BigInt(Date.parse(`${date}T${time}Z`)) * 1000n + BigInt(fraction.padEnd(6, '0'));
  return micros - (offset ?? 0n);
}
