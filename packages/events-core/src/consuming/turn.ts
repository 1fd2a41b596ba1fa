/** What one event's handling is told by its lane. */
export interface Turn {
  /** Fires when the result is no longer wanted. */
  readonly abortSignal: AbortSignal;
  /** Fires when waiting makes no sense any more: also when the lane or the consumer is to end in good order. */
  readonly waitSignal: AbortSignal;
  /** The broker has delivered it so often that it may be what ended the processes before this one. */
  readonly isSuspect: boolean;
  /** Waits without keeping others from theirs. */
  rest(wait: () => Promise<void>): Promise<void>;
}
