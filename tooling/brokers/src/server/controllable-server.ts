/** Where a server came from. */
export type ServerSource = 'environment' | 'docker' | 'binary' | 'package';

/** A running server that its test can stop, kill and freeze. */
export interface ControllableServer extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  readonly chosen: ServerSource;
  /**
   * Starts it again after `stop` or `kill`, on the same port and with the data that it has kept, and waits until it answers.
   * @throws {BrokerFailedError} when it does not come up
   */
  start(): Promise<void>;
  /** Asks it to end and waits for that. A server from the environment is left alone. */
  stop(): Promise<void>;
  /** `stop` and `start`. */
  restart(): Promise<void>;
  /** SIGKILL; it is gone when this resolves. */
  kill(): Promise<void>;
  /** SIGSTOP: connections are still accepted, nothing is answered. */
  freeze(): Promise<void>;
  /** SIGCONT, and waits until it answers. */
  unfreeze(): Promise<void>;
  /** Ends it at once and deletes its data; it cannot be started again. Happens by itself when the process ends. */
  [Symbol.asyncDispose](): Promise<void>;
}
