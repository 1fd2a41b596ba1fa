/** What one event's handling is told by its lane. */
export interface Turn {
  /** Fires when the result is no longer wanted. */
  readonly abortSignal: AbortSignal;
  /** Fires when waiting makes no sense any more: also when the lane or the consumer is to end in good order. */
  readonly waitSignal: AbortSignal;
  /** It was in hand alone each time that the process ended, as often as it may be: to be given up untried. */
  readonly isSuspect: boolean;
  /** Waits without keeping others from theirs. */
  rest(wait: () => Promise<void>): Promise<void>;
}
