import { runtime } from '../../runtime/runtime.js';
import type { HeaderNaming } from '../../wire/headers.js';
import { sentAtInHeaders } from '../../wire/sent-at-in-headers.js';
import type { Delivery } from '../types/delivery.js';

/** Records how old the oldest unfinished event of each lane is, and once when a lane has none any more. */
export class OldestAges {
  readonly #groupId: string;
  readonly #headerNaming: HeaderNaming;
  /** The lanes that had one at the last look. */
  #lanes: ReadonlySet<string> = new Set();

  constructor(parts: { readonly groupId: string; readonly headerNaming: HeaderNaming }) {
    this.#groupId = parts.groupId;
    this.#headerNaming = parts.headerNaming;
  }

  /** @param deliveries the oldest unfinished delivery of each lane; one whose message carries no time counts as none */
  report(deliveries: ReadonlyMap<string, Delivery>): void {
    const now = runtime().clock.now();
    const lanes = new Set<string>();
    for (const [lane, { message }] of deliveries) {
      const sentAtMs = sentAtInHeaders(message.headers, this.#headerNaming);
      if (sentAtMs === undefined) continue;
      lanes.add(lane);
      this.#record(lane, Math.max(0, now - sentAtMs)); // the sender's clock may be ahead
    }
    for (const lane of this.#lanes) if (!lanes.has(lane)) this.#record(lane, null);
    this.#lanes = lanes;
  }

  #record(lane: string, ageMs: number | null): void {
    runtime().telemetry.record({ type: 'consumer.oldest-age', lane, groupId: this.#groupId, ageMs });
  }
}
