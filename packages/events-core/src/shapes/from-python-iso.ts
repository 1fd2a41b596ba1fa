/**
 * The canonical text of a date-time in one of the further forms that Python 3.11 and later read with
 * `datetime.fromisoformat()`: more than six digits of fraction (cut off), a time without seconds or minutes, the basic
 * form without separators, week dates, and any character between date and time. Undefined for a text that is none, or
 * where the calendar has no such day.
 */
export function fromPythonIso(text: string): string | undefined {
  const parts = text.length > MAX_LENGTH ? undefined : PATTERN.exec(text)?.groups;
  if (parts === undefined) return undefined;
  const date = parts.week === undefined ? calendarDate(parts) : weekDate(parts);
  const { hours, minutes = '00', seconds = '00', fraction = '' } = parts;
  const micros = fraction.slice(0, 6).padEnd(6, '0');
  return `${date}T${hours}:${minutes}:${seconds}.${micros}${offsetText(parts.offset)}`;
}

const MAX_LENGTH = 100;

const DATE = String.raw`(?<year>\d{4})(?:(?<dash>-?)(?<month>\d\d)\k<dash>(?<day>\d\d)|(?<hyphen>-?)W(?<week>\d\d)(?:\k<hyphen>(?<weekday>[1-7]))?)`;
const TIME = String.raw`(?<hours>\d\d)(?:(?<colon>:?)(?<minutes>\d\d)(?:\k<colon>(?<seconds>\d\d)(?:[.,](?<fraction>\d+))?)?)?`;
const OFFSET = String.raw`(?<offset>Z|[+-]\d\d(?::?\d\d(?::?\d\d)?)?)?`;
const PATTERN = new RegExp(`^${DATE}\\D${TIME}${OFFSET}$`, 'u');

type Parts = Readonly<Record<string, string | undefined>>;

function calendarDate({ year, month, day }: Parts): string {
  return `${year}-${month}-${day}`;
}

/** Week 1 is the one with the year's first Thursday (ISO 8601). A week that the year does not have gives no date. */
function weekDate({ year = '', week, weekday = '1' }: Parts): string {
  const january4 = new Date(`${year}-01-04T00:00:00Z`);
  const monday = january4.getTime() - ((january4.getUTCDay() + 6) % 7) * DAY_MS;
  const thursday = new Date(monday + ((Number(week) - 1) * 7 + 3) * DAY_MS);
  if (Number(week) < 1 || thursday.getUTCFullYear() !== Number(year)) return '';
  return new Date(monday + ((Number(week) - 1) * 7 + Number(weekday) - 1) * DAY_MS)
    .toISOString()
    .slice(0, 10);
}

const DAY_MS = 86_400_000;

function offsetText(offset: string | undefined): string {
  if (offset === undefined || offset === 'Z') return offset ?? '';
  const [hours, minutes = '00', seconds] = offset.slice(1).match(/\d\d/g) ?? [];
  return `${offset[0]}${hours}:${minutes}${seconds === undefined ? '' : `:${seconds}`}`;
}
