import { BrokerUnavailableError, type TriedRung } from './broker-unavailable-error.js';

/** One way to get a server. */
export interface Rung<Found extends object> {
  /** For messages. */
  readonly name: string;
  /** What was found, or a sentence why there is nothing. Throwing means the latter. */
  find(): Promise<Found | string>;
}

/**
 * The first rung that has something.
 * @throws {BrokerUnavailableError} when none has
 */
export async function climb<Found extends object>(
  broker: string,
  rungs: readonly Rung<Found>[],
): Promise<Found> {
  const tried: TriedRung[] = [];
  for (const { name, find } of rungs) {
    const found = await find().catch((error: unknown) => String(error));
    if (typeof found !== 'string') return found;
    tried.push({ rung: name, reason: found });
  }
  throw new BrokerUnavailableError(broker, tried);
}
