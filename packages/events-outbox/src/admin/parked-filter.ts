import { InvalidOptionsError, type Issue } from '@openedx-ts/events-core';
import type { ParkedRow } from '../store/parked-row.js';

/** Selects parked entries: those that meet every condition. */
export interface ParkedFilter {
  /** Without prefix. */
  readonly topic?: string | undefined;
  /** The one at this position. */
  readonly position?: bigint | undefined;
  readonly eventId?: string | undefined;
  readonly eventType?: string | undefined;
  /** The code of the error. */
  readonly code?: string | undefined;
}

/** Selects the parked entries of an action: at least one condition, or explicitly all. */
export interface ParkedSelection extends ParkedFilter {
  /** Needed without any condition, so that nothing is done to all of them by oversight. @defaultValue false */
  readonly all?: boolean | undefined;
}

/** @throws InvalidOptionsError */
export function checkParkedFilter(subject: string, filter: ParkedFilter): void {
  const issues = issuesOf(filter);
  if (issues.length > 0) throw new InvalidOptionsError(subject, issues);
}

/**
 * @param isLimitedFurther whether there is another condition
 * @throws InvalidOptionsError when nothing is selected, or everything as well as something
 */
export function checkParkedSelection(
  subject: string,
  { all = false, ...filter }: ParkedSelection,
  isLimitedFurther = false,
): void {
  const issues = issuesOf(filter);
  const isLimited = isLimitedFurther || Object.values(filter).some((value) => value !== undefined);
  if (all && isLimited) issues.push({ path: 'all', message: 'and a condition: give one of them' });
  if (!all && !isLimited) {
    issues.push({ path: '', message: `selects nothing: give ${[...texts, 'position'].join(', ')}, or all` });
  }
  if (issues.length > 0) throw new InvalidOptionsError(subject, issues);
}

/** Whether a filter selects an entry. */
export function isSelected(row: ParkedRow, filter: ParkedFilter): boolean {
  if (filter.position !== undefined && row.position !== filter.position) return false;
  return texts.every((name) => filter[name] === undefined || row[name] === filter[name]);
}

const texts = ['topic', 'eventId', 'eventType', 'code'] as const;

function issuesOf(filter: ParkedFilter): Issue[] {
  const issues: Issue[] = [];
  for (const name of texts) {
    const value: unknown = filter[name];
    if (value !== undefined && (typeof value !== 'string' || value === ''))
      issues.push({ path: name, message: 'must be a text that is not empty' });
  }
  const position: unknown = filter.position;
  if (position !== undefined && typeof position !== 'bigint')
    issues.push({ path: 'position', message: 'must be a bigint' });
  return issues;
}
