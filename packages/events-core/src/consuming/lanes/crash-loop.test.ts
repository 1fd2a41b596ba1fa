import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../types/outcome.js';
import { exclusiveProcessing, keyed, laneWorker, nextTurn } from './lane-worker.test-support.js';

interface Sent {
  readonly lane: number;
  readonly key: string;
  /** Ticks that it takes, before and after it backs off. */
  readonly turns: number;
  readonly rests: boolean;
  /** When it crashes the process. */
  readonly kills: 'never' | 'at once' | 'after a rest';
}

interface Plan {
  readonly maxDeliveries: number;
  readonly concurrency: number;
  readonly ackEvery: number;
  /** Events that a process is given at once. */
  readonly page: number;
  /** Of each process, after how many turns it is stopped gracefully; null: it runs until it dies or is done. */
  readonly stops: readonly (number | null)[];
}

/** What a broker knows: what is not acknowledged, and how often each was counted. */
class Broker {
  readonly counts = new Map<number, number>();
  readonly deadLetters: number[] = [];
  readonly handled = new Set<number>();
  readonly #sent: readonly Sent[];
  readonly #plan: Plan;
  #pending: readonly number[];

  constructor(sent: readonly Sent[], plan: Plan) {
    this.#sent = sent;
    this.#plan = plan;
    this.#pending = sent.map((_, ordinal) => ordinal);
  }

  get isDone(): boolean {
    return this.#pending.length === 0;
  }

  /** The life of one process. */
  async live(stopAfter: number | null): Promise<void> {
    let isDead = false;
    const { maxDeliveries, concurrency, ackEvery, page } = this.#plan;
    const stop = new AbortController();
    const delivered = new Map<number, number>();
    const write = async (change: () => void) => {
      await nextTurn(); // it is on its way
      if (!isDead) change();
      await nextTurn(); // the answer is
      if (isDead) await never;
    };
    const exclusive = exclusiveProcessing({
      countExclusive: (_, ordinal, isProcessing) =>
        write(() => {
          const count = delivered.get(ordinal) ?? 0;
          this.counts.set(ordinal, isProcessing ? count : count - 1);
        }),
    });
    const die = () => {
      isDead = true;
      return never;
    };
    const lanes = Array.from({ length: LANES }, () =>
      laneWorker({
        ...{ exclusive, maxDeliveries, concurrency, ackEvery, stopSignal: stop.signal },
        handle: async ({ ordinal }, { isCrashing, backOff, waitSignal }): Promise<Outcome> => {
          const { turns, rests, kills } = this.#sent[ordinal] as Sent;
          if (isDead) return never;
          if (isCrashing) {
            await write(() => void this.deadLetters.push(ordinal));
            return 'dead-lettered';
          }
          const work = async () => {
            for (let turn = 0; turn < turns && !isDead; turn += 1) await nextTurn();
          };
          await work();
          if (kills === 'at once' || isDead) return die();
          if (rests || kills !== 'never') await backOff(work);
          if (waitSignal.aborted) return 'abandoned';
          await work();
          if (kills === 'after a rest' || isDead) return die();
          this.handled.add(ordinal);
          return 'handled';
        },
        acknowledge: (ordinals) =>
          write(() => {
            this.#pending = this.#pending.filter((ordinal) => !ordinals.includes(ordinal));
          }),
      }),
    );
    const waiting = [...this.#pending];
    for (let turn = 0; !isDead && !this.isDone && turn !== stopAfter; turn += 1) {
      if (turn > 10_000) throw new Error('the events are not finished');
      for (const ordinal of waiting.splice(0, page)) {
        const before = this.counts.get(ordinal) ?? 0;
        delivered.set(ordinal, before + 1);
        if (before < 2) this.counts.set(ordinal, before + 1); // the first two count when they are delivered
        const { lane, key } = this.#sent[ordinal] as Sent;
        lanes[lane]?.lane.push([keyed(key, ordinal, { deliveryCount: before + 1 })]);
      }
      await nextTurn();
    }
    if (isDead || this.isDone) return;
    stop.abort();
    const death = (async () => {
      while (!isDead) await nextTurn();
    })();
    await Promise.race([death, Promise.all(lanes.map(({ lane }) => lane.drain()))]);
    if (!isDead)
      for (const ordinal of this.#pending) {
        const count = delivered.get(ordinal);
        if (count !== undefined) this.counts.set(ordinal, count - 1);
      }
    isDead = true;
  }
}

const LANES = 3;
const never = new Promise<never>(() => {});

describe('a process that events crash', () => {
  const sent = fc.record<Sent>({
    lane: fc.nat(LANES - 1),
    key: fc.constantFrom('a', 'b', 'c'),
    turns: fc.nat(3),
    rests: fc.boolean(),
    kills: fc.oneof(
      { weight: 9, arbitrary: fc.constant('never' as const) },
      { weight: 1, arbitrary: fc.constantFrom('at once' as const, 'after a rest' as const) },
    ),
  });
  const plan = fc.record<Plan>({
    maxDeliveries: fc.integer({ min: 3, max: 5 }),
    concurrency: fc.integer({ min: 1, max: 3 }),
    ackEvery: fc.integer({ min: 1, max: 5 }),
    page: fc.integer({ min: 1, max: 12 }),
    stops: fc.array(fc.option(fc.nat(20), { freq: 2 }), { maxLength: 20 }),
  });

  it('dead-letters each of them after at most maxDeliveries deaths, and handles all others, however often it is stopped', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(sent, { maxLength: 30 }), plan, async (events, plan) => {
        const broker = new Broker(events, plan);
        const killers = events.flatMap(({ kills }, ordinal) => (kills === 'never' ? [] : [ordinal]));
        let lives = 0;
        for (; !broker.isDone && lives < 200; lives += 1) await broker.live(plan.stops[lives] ?? null);
        expect(broker.deadLetters.toSorted()).toEqual(killers.toSorted());
        expect(broker.handled.size).toBe(events.length - killers.length);
        expect(lives).toBeLessThanOrEqual(killers.length * plan.maxDeliveries + plan.stops.length + 1);
      }),
      { numRuns: 300 },
    );
  });
});
