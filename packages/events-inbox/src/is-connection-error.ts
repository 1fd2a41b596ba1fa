import { EventsError } from '@openedx-ts/events-core';

/**
 * Whether an error means that PostgreSQL is unreachable or accepts no connections, and not that a statement is wrong.
 * PostgreSQL refuses statements with a code of five characters (SQLSTATE); other errors come from the network or from `pg`.
 */
export function isConnectionError(error: unknown): boolean {
  if (!(error instanceof Error) || EventsError.is(error)) return false;
  const { code } = error as { code?: unknown };
  if (typeof code === 'string' && sqlState.test(code)) return unavailableStates.test(code);
  return typeof code === 'string' ? networkCodes.test(code) : /connection|timeout/i.test(error.message);
}

const sqlState = /^[0-9A-Z]{5}$/;
/** Connection exceptions, insufficient resources, shutdown and start, serialization failures, deadlocks. */
const unavailableStates = /^(?:08|53|57P0|40001|40P01)/;
const networkCodes = /^(?:ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)/;
