/** Makes the broker of the demo unreachable for a while. */
export interface Outage {
  stop(): Promise<void>;
  /** Starts it again, with what it had stored. */
  start(): Promise<void>;
}
