import type { Health } from '../../runtime/health.js';
import type { DateTime } from '../../shapes/date-time.js';

/** Receives events and runs the receivers of their signals; the part of an `EventBusConsumer` that applications use. */
export interface Consumer extends AsyncDisposable {
  readonly state: ConsumerState;
  /** Resolves once the group's position is fixed: events sent from then on arrive. Rejects when the consumer ends before that. */
  readonly ready: Promise<void>;

  /**
   * Consumes until stopped or aborted, then resolves. Can be called once; resolves at once after `stop`.
   *
   * @throws ConsumerFailedError when it cannot continue
   * @throws IllegalStateError when it was called before
   */
  run(options?: { readonly abortSignal?: AbortSignal }): Promise<void>;

  /** Resolves once `close` has ended, also when that has failed. A consumer of a bus of your own may lack it. */
  readonly closed?: Promise<void>;

  /** Receives nothing more, finishes the events in flight and acknowledges them; then `run` resolves. Safe to call twice. */
  stop(): void;

  /** Stops, waits for `run`, and closes the connections to the broker. Safe to call twice. */
  close(): Promise<void>;

  health(): Health;
}

/** The state of a consumer. */
export type ConsumerState = 'idle' | 'running' | 'stopping' | 'stopped' | 'failed';

/**
 * Where a new group starts: `'resume'` at the end, with events sent from now on; `'earliest'` at the oldest event. A
 * group that exists continues at its own position, whatever is given here; `'resume'` is named for that, the usual case.
 */
export type StartPosition =
  | 'resume'
  | 'earliest'
  | { readonly time: Date | DateTime }
  | { readonly position: string };
