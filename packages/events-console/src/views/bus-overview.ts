import { runtime } from '@openedx-ts/events-core/bus';
import type { EventBusAdmin, TopicStore } from '@openedx-ts/events-core/operate';
import type { OverviewAnswer, TopicLine } from '../answers/overview-answer.js';
import { groupLines } from './group-lines.js';
import { keptAnswer } from './kept-answer.js';
import { LagHistory } from './lag-history.js';
import { type SlowFacts, slowFacts } from './slow-facts.js';

/** Looks at the bus for all who watch it: the lag at most every two seconds, the rest every fifteen. */
export class BusOverview {
  readonly #history = new LagHistory();
  readonly #admin: EventBusAdmin;
  readonly #slow: () => Promise<SlowFacts>;

  /** The state of the bus now, or at most two seconds ago. */
  readonly look: () => Promise<OverviewAnswer>;

  constructor(admin: EventBusAdmin, topics: TopicStore) {
    this.#admin = admin;
    this.#slow = keptAnswer(() => slowFacts(admin, topics), SLOW_MS);
    this.look = keptAnswer(() => this.#look(), FAST_MS);
  }

  async #look(): Promise<OverviewAnswer> {
    const [lags, slow] = await Promise.all([this.#admin.lag(), this.#slow()]);
    const groups = groupLines(lags, slow.deadLetters, this.#history);
    const names = new Set([...slow.topics.map(({ topic }) => topic), ...groups.map(({ topic }) => topic)]);
    const described = new Map(slow.topics.map((one) => [one.topic, one]));
    const topics = [...names].sort().map((topic): TopicLine => {
      const facts = described.get(topic) ?? { topic, lanes: null, length: null, lastStoredAt: null };
      return { ...facts, groups: groups.filter((group) => group.topic === topic) };
    });
    return { at: runtime().clock.now(), findings: slow.findings, topics };
  }
}

const FAST_MS = 2_000;
const SLOW_MS = 15_000;
