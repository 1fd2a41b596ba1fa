import type { OptionRule } from '@openedx-ts/events-core/bus';

/**
 * When an event counts as accepted: when the primary has it, or when `replicas` have it as well, for which Redis waits up
 * to `timeoutMs` (default 1000).
 */
export type AcceptedBy = 'primary' | { readonly replicas: number; readonly timeoutMs?: number };

/** What `acceptedBy` may be. */
export const acceptedByRule: OptionRule<AcceptedBy> = {
  defaultValue: 'primary',
  problem: (value) =>
    isAcceptedBy(value) ? undefined : "must be 'primary' or { replicas, timeoutMs }, in whole numbers from 1",
};

function isAcceptedBy(value: unknown): value is AcceptedBy {
  if (value === 'primary') return true;
  if (typeof value !== 'object' || value === null) return false;
  const {
    replicas,
    timeoutMs = 1,
    ...others
  } = value as { readonly replicas?: unknown; readonly timeoutMs?: unknown };
  const isCount = (number: unknown) => Number.isInteger(number) && Number(number) >= 1;
  return isCount(replicas) && isCount(timeoutMs) && Object.keys(others).length === 0;
}
