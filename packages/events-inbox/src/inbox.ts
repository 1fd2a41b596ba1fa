/** What makes an event the same one for a receiver. */
export interface InboxKey {
  /** The consumer group; empty for an event that was sent in this process. */
  readonly groupId: string;
  readonly receiver: string;
  /** Source and id of the event: together unique in the world, as CloudEvents have it. */
  readonly source: string;
  readonly id: string;
}

/** Remembers which events were handled. `Context` is what it lends to the receiver, such as a transaction. */
export interface Inbox<Context> {
  /**
   * Runs a function unless it has succeeded for this key before.
   *
   * @returns whether it ran
   * @throws what the function throws: then it counts as not handled
   * @throws InfrastructureError when the store cannot be asked, or another process is at it right now: a consumer tries
   *   again without limit
   */
  handle(key: InboxKey, run: (context: Context) => unknown): Promise<boolean>;
}
