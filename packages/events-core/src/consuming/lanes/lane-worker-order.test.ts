import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../types/outcome.js';
import { keyed, laneWorker, nextTurn } from './lane-worker.test-support.js';

describe('LaneWorker, whatever happens', () => {
  const events = fc.array(
    fc.record({
      key: fc.constantFrom('', 'a', 'b', 'c', 'd'),
      /** Turns of the event loop that it takes, before and after it rests. */
      turns: fc.nat(3),
      rests: fc.boolean(),
      outcome: fc.constantFrom<Outcome>('handled', 'skipped', 'dead-lettered', 'dropped'),
      deliveryCount: fc.constantFrom(1, 1, 1, 2, 3, 9),
    }),
    { maxLength: 40 },
  );

  it('keeps the order of each key and the limit, acknowledges each once and only what is finished, however it ends', async () => {
    await fc.assert(
      fc.asyncProperty(
        events,
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.integer({ min: 1, max: 10 }), { maxLength: 5 }),
        fc.option(fc.record({ after: fc.nat(15), how: fc.constantFrom('drain', 'abort', 'throw') })),
        async (all, concurrency, ackEvery, batches, end) => {
          let isBroken = false;
          const started: number[] = [];
          const finished = new Set<number>();
          const inFlight = new Set<number>();
          const acknowledged: number[] = [];
          const broken: string[] = [];
          const { lane, onFatal } = laneWorker({
            concurrency,
            ackEvery,
            handle: async ({ ordinal }, { backOff }) => {
              const { turns, rests, outcome, key } = all[ordinal] as (typeof all)[number];
              started.push(ordinal);
              for (const other of started)
                if (other !== ordinal && all[other]?.key === key && !finished.has(other))
                  broken.push('order');
              inFlight.add(ordinal);
              const work = async () => {
                for (let turn = 0; turn < turns; turn += 1) {
                  if (inFlight.size > concurrency) broken.push('limit');
                  await nextTurn();
                }
              };
              await work();
              inFlight.delete(ordinal);
              if (rests) {
                await backOff(() => nextTurn());
                inFlight.add(ordinal);
                await work();
                inFlight.delete(ordinal);
              }
              if (isBroken) throw new Error('broken');
              finished.add(ordinal);
              return outcome;
            },
            acknowledge: async (ordinals) => {
              if (ordinals.length > ackEvery) broken.push('ackEvery');
              if (ordinals.some((ordinal) => !finished.has(ordinal))) broken.push('unfinished');
              acknowledged.push(...ordinals);
              await nextTurn();
            },
          });
          const waiting = all.map(({ key, deliveryCount }, ordinal) =>
            keyed(key, ordinal, { deliveryCount }),
          );
          for (const size of batches) {
            lane.push(waiting.splice(0, size));
            await nextTurn();
          }
          lane.push(waiting);
          for (let turn = 0; turn < (end?.after ?? 2_000); turn += 1) {
            if (acknowledged.length === all.length) break;
            await nextTurn();
          }
          if (end?.how === 'drain') await lane.drain();
          if (end?.how === 'abort') lane.abort();
          isBroken = end?.how === 'throw';
          for (let turn = 0; turn < 60 && end !== null; turn += 1) await nextTurn();
          const isOver = end === null || acknowledged.length === all.length;
          expect(broken).toEqual([]);
          expect(acknowledged).toEqual(all.map((_, ordinal) => ordinal).slice(0, acknowledged.length));
          if (isOver) expect(acknowledged).toHaveLength(all.length);
          for (const name of new Set(all.map(({ key }) => key))) {
            const ofKey = started.filter((ordinal) => all[ordinal]?.key === name);
            expect(ofKey).toEqual(ofKey.toSorted((a, b) => a - b));
          }
          if (end === null)
            expect([lane.waiting, lane.unacknowledged, onFatal.mock.calls]).toEqual([0, 0, []]);
        },
      ),
      { numRuns: 150 },
    );
  });
});
