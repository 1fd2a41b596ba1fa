/** The lanes of which events wait in the broker although they are asked for, and since when, by the reports of the bus. */
export class UnreadLanes {
  readonly #lanes = new Map<string, { readonly firstMs: number; lastMs: number }>();
  /** While nothing is asked for, events that wait are not expected. */
  #isAsked = false;

  /** The number of such lanes. */
  get size(): number {
    return this.#lanes.size;
  }

  /** For how long each lane was reported without an event that was received: from its first report to its last. */
  get durations(): ReadonlyMap<string, number> {
    if (!this.#isAsked) this.#lanes.clear();
    return new Map(Array.from(this.#lanes, ([lane, { firstMs, lastMs }]) => [lane, lastMs - firstMs]));
  }

  /** Notes that deliveries have arrived; until `asked` is called, nothing is asked for. */
  received(deliveries: readonly { readonly lane: string }[]): void {
    this.#isAsked = false;
    if (this.#lanes.size > 0) for (const { lane } of deliveries) this.#lanes.delete(lane);
  }

  asked(): void {
    this.#isAsked = true;
  }

  /** Notes that the broker is unreachable. */
  disconnected(): void {
    this.#isAsked = false;
    this.#lanes.clear();
  }

  report(lane: string, hasUnread: boolean, nowMs: number): void {
    const known = this.#lanes.get(lane);
    if (!hasUnread || !this.#isAsked) this.#lanes.delete(lane);
    else if (known === undefined) this.#lanes.set(lane, { firstMs: nowMs, lastMs: nowMs });
    else known.lastMs = nowMs;
  }

  /** Forgets a lane: it was lost, or the reason why it is not read is known. */
  delete(lane: string): void {
    this.#lanes.delete(lane);
  }
}
