/** A server was found and does not come up, or its tool failed; the message ends with the end of its log. */
export class BrokerFailedError extends Error {
  override readonly name = 'BrokerFailedError';
  readonly code = 'BROKERS_FAILED';
  readonly broker: string;
  readonly logTail: string;

  constructor(broker: string, what: string, logTail: string) {
    super(`${broker} ${what}. The end of its log:\n${logTail || '(empty)'}`);
    this.broker = broker;
    this.logTail = logTail;
  }
}
