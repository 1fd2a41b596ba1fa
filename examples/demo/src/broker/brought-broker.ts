import { BrokerFailedError, BrokerUnavailableError } from '@openedx-ts/brokers';
import type { Environment } from '@openedx-ts/events-core';
import type { Outage } from './outage.js';

/** A broker that the services can use. */
export interface BroughtBroker extends AsyncDisposable {
  /** The environment with what the services need to find it. */
  readonly env: Environment;
  /** Stops and starts it; undefined for a broker that somebody else has started. */
  readonly outage?: Outage;
}

/** There is no broker and none could be started; the message has the cure. */
export class NoBroker extends Error {
  override readonly name = 'NoBroker';
}

/**
 * Converts the error of a server that could not be started to `NoBroker`; returns other errors unchanged.
 *
 * @param what `no Redis`
 * @param cure what the user can do
 */
export function noBroker(error: unknown, what: string, cure: string): unknown {
  if (error instanceof BrokerFailedError) return new NoBroker(error.message, { cause: error });
  if (!(error instanceof BrokerUnavailableError)) return error;
  const ways = error.tried.map(({ rung, reason }) => `  ${rung}: ${reason}\n`).join('');
  return new NoBroker(`there is ${what}, and none could be started:\n${ways}${cure}`, { cause: error });
}
