/**
 * Calls without a lookup: once any package extends `String`, as ioredis does, V8 keeps `String.prototype` as a hash table,
 * and `text.slice()` is no longer compiled into its caller.
 */
const { slice } = String.prototype;

/** The text form of a date-time: ISO-8601 as Python's `isoformat()` writes it, and what `fromisoformat()` reads of it. */
export interface DateTimeParts {
  readonly date: string;
  readonly time: string;
  readonly fraction: string;
  /** Offset in microseconds, or undefined for a naive date-time. */
  readonly offset: bigint | undefined;
}

/** Whether a text is a date-time. Every received one passes here, so this takes nothing apart. */
export function isDateTimeText(text: string): boolean {
  return strictPattern.test(text) && isInCalendar(text);
}

/** All parts in their ranges: there is no year 0, as in Python; the offset of Python may have seconds and microseconds. */
const strictPattern =
  /^(?!0000)\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])[T ](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,6})?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{6})?)?)?$/;

/** No month has too many days. */
function isInCalendar(text: string): boolean {
  const day = slice.call(text, 8, 10);
  if (day <= '28') return true;
  return Number(day) <= daysInMonth(Number(text.slice(0, 4)), Number(text.slice(5, 7)));
}

function daysInMonth(year: number, month: number): number {
  return new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
}

const pattern =
  /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(?:\.(\d{1,6}))?(?:Z|([+-])(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{6}))?)?)?$/;

/** Takes a text for which `isDateTimeText` holds apart. */
export function partsOf(text: string): DateTimeParts {
  const [, date = '', time = '', fraction = '', sign, hours, minutes, seconds = '0', micros = '0'] =
    pattern.exec(text) ?? [];
  if (sign === undefined) return { date, time, fraction, offset: text.endsWith('Z') ? 0n : undefined };
  const offsetSeconds = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  const magnitude = BigInt(offsetSeconds) * 1_000_000n + BigInt(micros);
  return { date, time, fraction, offset: sign === '-' ? -magnitude : magnitude };
}

/** The same moment in the form of `isoformat()`: `T`, six digits of fraction or none, `+00:00` for `Z`. */
export function canonicalText(text: string): string {
  if (canonicalPattern.test(text)) return text;
  const { date, time, fraction } = partsOf(text);
  const micros = fraction.padEnd(6, '0');
  const offset = text.slice(19 + (fraction === '' ? 0 : fraction.length + 1));
  return `${date}T${time}${micros === '000000' ? '' : `.${micros}`}${canonicalOffset(offset)}`;
}

function canonicalOffset(offset: string): string {
  const shortest = offset.replace(/\.000000$/, '').replace(/(?<=:\d\d):00$/, '');
  return shortest === 'Z' || shortest === '-00:00' ? '+00:00' : shortest;
}

/** Most texts are in that form already; this recognises them without taking them apart. */
const canonicalPattern = /^.{10}T.{8}(?:\.(?!000000)\d{6})?(?:\+\d\d:\d\d|-(?!00:00)\d\d:\d\d)?$/;
