import { EventsError } from '@openedx-ts/events-core';

/**
 * Whether an error says that PostgreSQL is away or takes nobody in, and not that a statement is wrong. Statements are
 * refused with a code of five characters (SQLSTATE); what has none comes from the network or from `pg` itself.
 */
export function isConnectionTrouble(error: unknown): boolean {
  if (!(error instanceof Error) || EventsError.is(error)) return false;
  const { code } = error as { code?: unknown };
  if (typeof code === 'string' && sqlState.test(code)) return awayStates.test(code);
  return typeof code === 'string' ? networkCodes.test(code) : /connection|timeout/i.test(error.message);
}

const sqlState = /^[0-9A-Z]{5}$/;
/** Connection exceptions, too little of something, shutdown and start, serialization failures, deadlocks. */
const awayStates = /^(?:08|53|57P0|40001|40P01)/;
const networkCodes = /^(?:ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)/;
