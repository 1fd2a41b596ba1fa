import { errorName } from './error-names.js';

/** An error that a broker answered with. */
export class ProtocolError extends Error {
  /** Kafka's name of the error, such as `UNKNOWN_TOPIC_OR_PARTITION`. */
  readonly type: string;

  /** @param errorCode Kafka's number of the error */
  constructor(errorCode: number) {
    const type = errorName(errorCode);
    super(`the broker answered ${type}`);
    this.name = 'ProtocolError';
    this.type = type;
  }

  /** Throws the error that a number stands for; does nothing for 0. */
  static throwIf(errorCode: number): void {
    if (errorCode !== 0) throw new ProtocolError(errorCode);
  }
}
