/** One thing that somebody did, or tried to do, in the console. Holds no payload and no personal value of an event. */
export interface AuditEntry {
  /** In milliseconds since 1970. */
  readonly at: number;
  /** Of `access`. */
  readonly who: string;
  readonly action: 'redrive' | 'stop redrive' | 'purge' | 'replay' | 'send' | 'unmask';
  /** On what: `orders@0:17`, `orders.mail`. */
  readonly target: string;
  /**
   * `started` is recorded before anything is changed; if that fails, nothing is changed. The other outcomes follow. What is
   * over at once, such as unmasking, has `started` alone.
   */
  readonly outcome: 'started' | 'done' | 'stopped' | 'failed' | 'refused';
  /** What was asked for, and what came of it. */
  readonly facts: Readonly<Record<string, string | number | boolean>>;
}
