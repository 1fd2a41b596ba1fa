/** The text form of a date-time: ISO-8601 as Python's `isoformat()` writes it, and what `fromisoformat()` reads of it. */
export interface DateTimeParts {
  readonly date: string;
  readonly time: string;
  readonly fraction: string;
  /** Offset in microseconds, or undefined for a naive date-time. */
  readonly offset: bigint | undefined;
}

/**
 * Whether a text is a date-time. Hand-written, since every received date-time passes here: it takes a fraction of the
 * time of the regular expression below, and knows the calendar.
 */
export function isDateTimeText(text: string): boolean {
  const length = text.length;
  if (length < 19 || length > 42) return false;
  const century = digits(text, 0);
  const yearInCentury = digits(text, 2);
  const month = digits(text, 5);
  const day = digits(text, 8);
  if (
    century < 0 ||
    yearInCentury < 0 ||
    century + yearInCentury === 0 || // there is no year 0, as in Python
    text.charCodeAt(4) !== HYPHEN ||
    text.charCodeAt(7) !== HYPHEN ||
    (text.charCodeAt(10) !== LETTER_T && text.charCodeAt(10) !== SPACE) ||
    !isTime(text, 11) ||
    month < 1 ||
    month > 12 ||
    day < 1 ||
    day > 31
  ) {
    return false;
  }
  if (day > 28 && day > daysInMonth(century * 100 + yearInCentury, month)) return false;
  let at = 19;
  if (text.charCodeAt(at) === DOT) {
    const start = at + 1;
    at = start;
    while (at < length && isDigit(text.charCodeAt(at))) at += 1;
    if (at === start || at - start > 6) return false;
  }
  if (at === length) return true;
  if (text.charCodeAt(at) === LETTER_Z) return at + 1 === length;
  if (!isOffsetSign(text, at) || !isHoursMinutes(text, at + 1)) return false;
  return length === at + 6 || (digits(text, at + 7) < 60 && pattern.test(text));
}

const HYPHEN = 45;
const PLUS = 43;
const COLON = 58;
const DOT = 46;
const SPACE = 32;
const LETTER_T = 84;
const LETTER_Z = 90;

function isTime(text: string, at: number): boolean {
  const seconds = digits(text, at + 6);
  return isHoursMinutes(text, at) && text.charCodeAt(at + 5) === COLON && seconds >= 0 && seconds < 60;
}

function isHoursMinutes(text: string, at: number): boolean {
  const hours = digits(text, at);
  const minutes = digits(text, at + 3);
  return hours >= 0 && hours < 24 && text.charCodeAt(at + 2) === COLON && minutes >= 0 && minutes < 60;
}

function isOffsetSign(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === PLUS || code === HYPHEN;
}

/** The two digits at a position as a number, or -1. */
function digits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48;
  const ones = text.charCodeAt(at + 1) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
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
  if (isCanonical(text)) return text;
  const { date, time, fraction } = partsOf(text);
  const micros = fraction.padEnd(6, '0');
  const offset = text.slice(19 + (fraction === '' ? 0 : fraction.length + 1));
  return `${date}T${time}${micros === '000000' ? '' : `.${micros}`}${canonicalOffset(offset)}`;
}

function canonicalOffset(offset: string): string {
  const shortest = offset.replace(/\.000000$/, '').replace(/(?<=:\d\d):00$/, '');
  return shortest === 'Z' || shortest === '-00:00' ? '+00:00' : shortest;
}

/** Most texts are in that form already; this tells without taking them apart. */
function isCanonical(text: string): boolean {
  if (text.charCodeAt(10) !== LETTER_T) return false;
  const hasFraction = text.charCodeAt(19) === DOT;
  const end = hasFraction ? 26 : 19; // where the offset begins, if there are six digits of fraction or none
  if (hasFraction && text.slice(20, 26) === '000000') return false;
  if (text.length === end) return true;
  return text.length === end + 6 && isOffsetSign(text, end) && !text.endsWith('-00:00');
}
