import { InvalidOptionsError } from '../errors/configuration-errors.js';
import type { Issue } from '../errors/events-error.js';
import type { DeadLetter } from './dead-letter-entry.js';

/** Selects dead letters: those that meet every condition. */
export interface DeadLetterFilter {
  /** The one that lies there. */
  readonly position?: string | undefined;
  /** Those of one event. */
  readonly eventId?: string | undefined;
  /** The reason: an error's code, or `RECEIVER_FAILED`; null for those whose headers give none. */
  readonly code?: string | null | undefined;
  /** Events of this type; null for those whose headers give none. */
  readonly eventType?: string | null | undefined;
  /** Dead since then or later. */
  readonly since?: Date | undefined;
  /** Dead before that. */
  readonly until?: Date | undefined;
}

/** Selects the dead letters of an action: at least one condition, or explicitly all. */
export interface DeadLetterSelection extends DeadLetterFilter {
  /** Needed without any other condition, so that nothing is done to all of them by oversight. @defaultValue false */
  readonly all?: boolean | undefined;
}

/** @throws InvalidOptionsError */
export function checkFilter(subject: string, filter: DeadLetterFilter): void {
  const issues = issuesOf(filter);
  if (issues.length > 0) throw new InvalidOptionsError(subject, issues);
}

/**
 * @param isLimitedFurther whether there is another condition
 * @throws InvalidOptionsError when nothing is selected, or everything as well as something
 */
export function checkSelection(
  subject: string,
  { all = false, ...filter }: DeadLetterSelection,
  isLimitedFurther = false,
): void {
  const issues = issuesOf(filter);
  const isLimited = isLimitedFurther || names.some((name) => filter[name] !== undefined);
  if (all && isLimited) issues.push({ path: 'all', message: 'and a condition: give one of them' });
  if (!all && !isLimited)
    issues.push({ path: '', message: `selects nothing: give ${names.join(', ')}, or all` });
  if (issues.length > 0) throw new InvalidOptionsError(subject, issues);
}

/** Returns whether a filter selects a dead letter. Its time is that of the last failure, or of storing when unknown. */
export function isSelected(letter: DeadLetter, filter: DeadLetterFilter): boolean {
  const { position, eventId, code, eventType, since, until } = filter;
  const diedAt = letter.facts?.lastFailure.getTime() ?? letter.storedAt;
  if (position !== undefined && letter.position !== position) return false;
  if (eventId !== undefined && letter.eventId !== eventId) return false;
  if (code !== undefined && (letter.facts?.code ?? null) !== code) return false;
  if (eventType !== undefined && letter.eventType !== eventType) return false;
  if (since !== undefined && (diedAt === null || diedAt < since.getTime())) return false;
  return until === undefined || (diedAt !== null && diedAt < until.getTime());
}

const texts = ['position', 'eventId', 'code', 'eventType'] as const;
const nullable: ReadonlySet<string> = new Set(['code', 'eventType']);
const times = ['since', 'until'] as const;
const names = [...texts, ...times] as const;

function issuesOf(filter: DeadLetterFilter): Issue[] {
  const issues: Issue[] = [];
  for (const name of texts) {
    const value: unknown = filter[name];
    if (value === null && nullable.has(name)) continue;
    if (value !== undefined && (typeof value !== 'string' || value === ''))
      issues.push({ path: name, message: 'must be a text that is not empty' });
  }
  for (const name of times) {
    const value: unknown = filter[name];
    if (value !== undefined && !(value instanceof Date && !Number.isNaN(value.getTime())))
      issues.push({ path: name, message: 'must be a valid Date' });
  }
  return issues;
}
