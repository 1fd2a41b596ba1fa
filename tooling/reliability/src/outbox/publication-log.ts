import type { StoredMessage, TopicStore } from '@openedx-ts/events-core/operate';

/** An event on the bus. */
export interface Publication {
  readonly eventId: string;
  /** When the broker stored it, in milliseconds since 1970. */
  readonly at: number;
}

/** What the bus has stored of a topic, in the order of each key. */
export class PublicationLog {
  readonly #topics: TopicStore;
  readonly #topic: string;
  readonly #publications: Publication[] = [];
  readonly #firsts = new Map<string, Publication>();
  /** Positions that were stored at the newest time, by lane. */
  readonly #newest = new Map<string, { at: number; positions: Set<string> }>();

  constructor(topics: TopicStore, topic: string) {
    this.#topics = topics;
    this.#topic = topic;
  }

  /** As of the last refresh. */
  get publications(): readonly Publication[] {
    return this.#publications;
  }

  /** Whether an event was published for the first time after a moment, in milliseconds since 1970; as of the last refresh. */
  hasFirstAfter(moment: number): boolean {
    return Array.from(this.#firsts.values()).some(({ at }) => at > moment);
  }

  /** Adds what was stored since. */
  async refresh(): Promise<void> {
    const since = Math.max(0, ...[...this.#newest.values()].map(({ at }) => at)) - slackMs;
    for await (const page of this.#topics.read(this.#topic, since > 0 ? { since } : {}))
      for (const stored of page) this.#add(stored);
  }

  #add({ message, lane, position, storedAt }: StoredMessage): void {
    const at = storedAt ?? 0;
    const newest = this.#newest.get(lane) ?? { at: 0, positions: new Set<string>() };
    if (newest.positions.has(position)) return;
    newest.at = Math.max(newest.at, at);
    newest.positions.add(position);
    this.#newest.set(lane, newest);
    const header = message.headers.find(([name]) => idHeaders.has(name))?.[1];
    const publication = { eventId: header ? Buffer.from(header).toString() : '', at };
    this.#publications.push(publication);
    if (!this.#firsts.has(publication.eventId)) this.#firsts.set(publication.eventId, publication);
  }
}

/** Lanes are read one after the other, while events are stored. */
const slackMs = 2_000;

/** As the buses name the header of the event id. */
const idHeaders = new Set(['id', 'ce_id']);
