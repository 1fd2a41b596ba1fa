/** The life of one server, however it runs. None of these waits until the server answers. */
export interface ServerControl {
  /** Starts it, again on the same port and with the same data after `stop` or `kill`. */
  start(): Promise<void>;
  /** Asks it to end and waits for that. */
  stop(): Promise<void>;
  /** SIGKILL, and waits for its end. */
  kill(): Promise<void>;
  /** SIGSTOP: the kernel still accepts connections, nobody answers. */
  freeze(): Promise<void>;
  /** SIGCONT. */
  unfreeze(): Promise<void>;
  /** Ends it hard and deletes its data. */
  remove(): Promise<void>;
  isRunning(): Promise<boolean>;
  /** The end of what it has printed. */
  logTail(): Promise<string>;
}
