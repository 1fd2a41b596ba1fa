/** What the lane gives to those that process one delivery. */
export interface HandlingContext {
  /** Fires when the result is no longer wanted: the lane was lost, or its drain took too long. */
  readonly abortSignal: AbortSignal;
  /** Fires when it makes no sense to wait any longer: also when the lane drains or the consumer stops. */
  readonly waitSignal: AbortSignal;
  /** Whether the event exceeded `maxDeliveries`: it is dead-lettered without running its receivers. */
  readonly isCrashing: boolean;
  /**
   * Waits without occupying a slot or the exclusive gate, so that other events are processed in the meantime. Resolves
   * when this event may go on; then check `waitSignal`.
   */
  backOff(wait: () => Promise<void>): Promise<void>;
}
