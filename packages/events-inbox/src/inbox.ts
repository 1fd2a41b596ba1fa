/** Identifies an event for one receiver. */
export interface InboxKey {
  /** The consumer group; empty for an event that was sent in this process. */
  readonly groupId: string;
  readonly receiver: string;
  /** Source and id of the event, which together are globally unique, as CloudEvents defines. */
  readonly source: string;
  readonly id: string;
}

/** Remembers which events were processed. `Context` is what it passes to the receiver, such as a transaction. */
export interface Inbox<Context> {
  /**
   * Runs a function unless it has succeeded for this key before.
   *
   * @returns whether it ran
   * @throws what the function throws: the event then counts as not processed
   * @throws InfrastructureError when the store is unreachable, or another process is processing the event: a consumer
   *   then tries again without limit
   */
  handle(key: InboxKey, run: (context: Context) => unknown): Promise<boolean>;
}
