import type { Health } from '../../runtime/health.js';
import type { DateTime } from '../../shapes/date-time.js';

/** Receives events and runs their signals' receivers; what applications see of an `EventBusConsumer`. */
export interface Consumer extends AsyncDisposable {
  readonly state: ConsumerState;
  /** Resolves once the group's position is fixed: events sent from then on arrive. Rejects when it ends before. */
  readonly ready: Promise<void>;

  /**
   * Consumes until stopped or aborted, then resolves. The whole life of a consumer; runs once.
   *
   * @throws ConsumerFailedError when it cannot go on
   * @throws IllegalStateError when it runs or ran already
   */
  run(options?: { readonly abortSignal?: AbortSignal }): Promise<void>;

  /** Takes nothing more, finishes the events in hand and acknowledges them; `run` then resolves. Safe to call twice. */
  stop(): void;

  /** Stops, waits for `run`, and lets go of the broker. Safe to call twice. */
  close(): Promise<void>;

  health(): Health;
}

/** Where a consumer is in its life. */
export type ConsumerState = 'idle' | 'running' | 'stopping' | 'stopped' | 'failed';

/**
 * Where a new group begins. A group that exists goes on where it was, whatever is asked here: an ordinary start never
 * moves it. `'resume'` and `'latest'` begin with events sent from now on.
 */
export type StartPosition =
  | 'resume'
  | 'earliest'
  | 'latest'
  | { readonly time: Date | DateTime }
  | { readonly position: string };
