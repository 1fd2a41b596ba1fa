/** A way to get a server that was tried, and why it was not taken. */
export interface TriedRung {
  readonly rung: string;
  readonly reason: string;
}

/** No server is available on this machine; `tried` has the reason for each source. */
export class BrokerUnavailableError extends Error {
  override readonly name = 'BrokerUnavailableError';
  readonly code = 'BROKERS_UNAVAILABLE';
  readonly broker: string;
  readonly tried: readonly TriedRung[];

  constructor(broker: string, tried: readonly TriedRung[]) {
    super(`no ${broker} here: ${tried.map(({ rung, reason }) => `${rung}: ${reason}`).join('; ')}`);
    this.broker = broker;
    this.tried = tried;
  }
}
