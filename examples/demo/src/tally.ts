import type { RecordJson } from '@openedx-ts/events-avro';
import type { MetadataJson } from '@openedx-ts/events-core/bus';
import { firstDifference } from './first-difference.js';

/** An event as both sides can compare it. */
export interface TalliedEvent {
  readonly metadata: MetadataJson;
  readonly data: RecordJson;
}

/** How many events of one type travelled one way. */
export interface TallyRow {
  readonly eventType: string;
  /** What they travelled over, e.g. `memory` or `Kafka capture`. */
  readonly over: string;
  readonly sent: number;
  readonly delivered: number;
  readonly mismatched: number;
}

/** The books of the demo: what was sent, what arrived, and whether it is the same. An event that comes again counts once. */
export class Tally {
  readonly #events = new Map<string, Entry>();
  readonly #mismatches: string[] = [];
  readonly #onChange: (counts: { readonly sent: number; readonly delivered: number }) => void;
  readonly #strays = new Map<string, TalliedEvent>();
  #delivered = 0;
  #dropped = 0;

  constructor(options: { readonly onChange?: (counts: { sent: number; delivered: number }) => void } = {}) {
    this.#onChange = options.onChange ?? (() => {});
  }

  get sent(): number {
    return this.#events.size;
  }

  get delivered(): number {
    return this.#delivered;
  }

  /** Events whose change failed after they were sent. */
  get dropped(): number {
    return this.#dropped;
  }

  /** What arrived otherwise than it was sent, in words. */
  get mismatches(): readonly string[] {
    const strays = Array.from(this.#strays.keys(), (id) => `event ${id}: it arrived and was never sent`);
    return [...this.#mismatches, ...strays];
  }

  /** Books an event that was sent. */
  send(over: string, event: TalliedEvent): void {
    const { id } = event.metadata;
    this.#events.set(id, { over, event, isDelivered: false, isMismatched: false });
    const early = this.#strays.get(id);
    this.#strays.delete(id);
    if (early !== undefined) this.deliver(early);
    this.#changed();
  }

  /** Books an event that arrived, and compares it with what was sent. */
  deliver(event: TalliedEvent): void {
    const { id, event_type: eventType } = event.metadata;
    const entry = this.#events.get(id);
    if (entry === undefined) {
      this.#strays.set(id, event);
      return;
    }
    const difference = firstDifference(entry.event, event);
    if (difference !== undefined && !entry.isMismatched) {
      entry.isMismatched = true;
      this.mismatch(`${eventType} ${id}: ${difference} is not what was sent`);
    }
    if (entry.isDelivered) return;
    entry.isDelivered = true;
    this.#delivered += 1;
    this.#changed();
  }

  /** Books an event that must not arrive: if it does, it was never sent. */
  drop(): void {
    this.#dropped += 1;
  }

  /** Books anything else that is not as it should be. */
  mismatch(text: string): void {
    this.#mismatches.push(text);
  }

  /** The counts by event type and way, in the order in which they were sent first. */
  rows(): readonly TallyRow[] {
    const rows = new Map<string, { -readonly [K in keyof TallyRow]: TallyRow[K] }>();
    for (const { over, event, isDelivered, isMismatched } of this.#events.values()) {
      const eventType = event.metadata.event_type;
      const key = `${eventType} ${over}`;
      const row = rows.get(key) ?? { eventType, over, sent: 0, delivered: 0, mismatched: 0 };
      rows.set(key, row);
      row.sent += 1;
      if (isDelivered) row.delivered += 1;
      if (isMismatched) row.mismatched += 1;
    }
    return [...rows.values()];
  }

  #changed(): void {
    this.#onChange({ sent: this.sent, delivered: this.#delivered });
  }
}

interface Entry {
  readonly over: string;
  readonly event: TalliedEvent;
  isDelivered: boolean;
  isMismatched: boolean;
}
