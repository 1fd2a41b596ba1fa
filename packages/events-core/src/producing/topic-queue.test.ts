import fc from 'fast-check';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type Deferred, deferred } from '../runtime/deferred.js';
import { ManualClock, settle } from '../runtime/manual-clock.test-support.js';
import { recordingLogger } from '../runtime/recording.test-support.js';
import { configureEvents } from '../runtime/runtime.js';
import type { Message } from '../wire/message.js';
import type { PublishOutcome } from './publish-outcome.js';
import { TopicQueue } from './topic-queue.js';

let clock: ManualClock;
let logger: ReturnType<typeof recordingLogger>;
beforeEach(() => {
  clock = new ManualClock();
  logger = recordingLogger();
  const configured = configureEvents({ clock, logger, random: () => 1 });
  onTestFinished(() => configured[Symbol.dispose]());
});

/** A request that the test answers. */
interface Request extends Deferred<readonly PublishOutcome[]> {
  /** `<key><number>`; the key is a letter, and its lane the letter in upper case, or `?` where it is not known. */
  readonly names: readonly string[];
  readonly report: (place: number, outcome: PublishOutcome) => void;
}

function queueOf({
  maxBatchSize = 10,
  laneOf = (name: string) => name[0]?.toUpperCase() as string | undefined,
} = {}) {
  const requests: Request[] = [];
  const queue = new TopicQueue({
    topic: 'orders',
    maxBatchSize,
    deliveryTimeoutMs: 60_000,
    laneOf: ({ value }) => laneOf(String(value)),
    publish: (messages, _, report) => {
      const names = messages.map(({ value }) => String(value));
      const request = { ...deferred<readonly PublishOutcome[]>(), names, report };
      requests.push(request);
      return request.promise;
    },
  });
  const settled: string[] = [];
  const send = (...names: readonly string[]) => {
    for (const name of names)
      queue.add({
        message: () => messageOf(name),
        key: name.startsWith('-') ? undefined : (name[0] as string),
        accepted: () => settled.push(name),
        failed: () => settled.push(`${name} failed`),
      });
  };
  const names = () => requests.map((request) => request.names.join(' '));
  return { queue, requests, settled, send, names };
}

const messageOf = (name: string): Message => ({
  topic: 'orders',
  key: Buffer.from(name.slice(0, 1)),
  value: Buffer.from(name),
  headers: [],
});

const accepted = { position: '0' };
const refused = { error: Object.assign(new Error('no leader'), { retryable: true }) };

describe('TopicQueue', () => {
  it('goes on with other lanes at once when one fails, and retries that with growing pauses', async () => {
    const { requests, settled, send, names, queue } = queueOf();
    send('a1', 'b1', 'a2');
    await settle();
    send('b2', 'a3');
    requests[0]?.resolve([refused, accepted, { notAttempted: true }]);
    await settle();
    expect(settled).toEqual(['b1']);
    expect(names()).toEqual(['a1 b1 a2', 'a1 a2', 'b2']);
    expect(queue.lastError).toBe('no leader');
    requests[1]?.resolve([refused, { notAttempted: true }]);
    requests[2]?.resolve([accepted]);
    await settle();
    expect(clock.pending).toEqual([50]);
    await clock.advance(50);
    expect(names().at(-1)).toBe('a1 a2 a3');
    requests[3]?.resolve([accepted, accepted, accepted]);
    await settle();
    expect(settled).toEqual(['b1', 'b2', 'a1', 'a2', 'a3']);
    expect(queue.lastError).toBeUndefined();
    send('a4', 'b3');
    await settle();
    expect(names().at(-1)).toBe('a4 b3');
    expect(logger.lines.map(({ message }) => message)).toEqual([
      'the broker does not accept events; they are sent again until deliveryTimeoutMs is over',
      'the broker accepts events again',
    ]);
  });

  it('does not fill batches of other lanes with sends of one that fails', async () => {
    const { requests, settled, send } = queueOf({ maxBatchSize: 2 });
    send('a1');
    await settle();
    requests[0]?.resolve([refused]);
    await settle();
    send('a2', 'a3', 'a4', 'a5', 'b1');
    await settle();
    const last = requests.at(-1);
    expect(last?.names).toEqual(['b1']);
    last?.resolve([accepted]);
    await settle();
    expect(settled).toEqual(['b1']);
  });

  it('goes on with other lanes when one does not answer, 100 ms after another has', async () => {
    const { requests, settled, send, names, queue } = queueOf();
    send('a1', 'b1');
    await settle();
    send('b2', 'a2');
    requests[0]?.report(1, accepted);
    await settle();
    expect(settled).toEqual(['b1']);
    expect(names()).toEqual(['a1 b1']);
    await clock.advance(100);
    expect(names()).toEqual(['a1 b1', 'b2']);
    requests[1]?.resolve([accepted]);
    let isFlushed = false;
    void queue.flush().then(() => {
      isFlushed = true;
    });
    await settle();
    requests[0]?.resolve([refused, accepted]);
    await settle();
    expect(names().at(-1)).toBe('a1 a2');
    expect(isFlushed).toBe(false);
    requests[2]?.resolve([accepted, accepted]);
    await settle();
    expect(settled).toEqual(['b1', 'b2', 'a1', 'a2']);
    expect(isFlushed).toBe(true);
    expect(clock.pending).toEqual([]);
  });

  it('flushes what comes back from a lane that did not answer: events without a key, of an unknown partition', async () => {
    const { requests, settled, send, names, queue } = queueOf({
      laneOf: (name) => (name.startsWith('-') ? undefined : 'B'),
    });
    send('-1', 'b1');
    await settle();
    requests[0]?.report(1, accepted);
    await settle();
    await clock.advance(100);
    let isFlushed = false;
    void queue.flush().then(() => {
      isFlushed = true;
    });
    requests[0]?.resolve([refused, accepted]);
    await settle();
    expect(names()).toEqual(['-1 b1', '-1']);
    expect(isFlushed).toBe(false);
    requests[1]?.resolve([accepted]);
    await settle();
    expect(settled).toEqual(['b1', '-1']);
    expect(isFlushed).toBe(true);
  });

  it('has no error any more when a send is reported as accepted', async () => {
    const { requests, send, queue, settled } = queueOf({ laneOf: () => undefined });
    send('a1');
    await settle();
    requests[0]?.resolve([refused]);
    await settle();
    expect(queue.lastError).toBe('no leader');
    await clock.advance(50);
    requests[1]?.report(0, accepted);
    expect([settled, queue.lastError]).toEqual([['a1'], undefined]);
    requests[1]?.resolve([accepted]);
  });

  it('waits for all when nothing has been answered', async () => {
    const { requests, send, names } = queueOf();
    send('a1', 'b1');
    await settle();
    send('b2');
    await clock.advance(10_000);
    expect(names()).toEqual(['a1 b1']);
    requests[0]?.resolve([accepted, accepted]);
    await settle();
    expect(names()).toEqual(['a1 b1', 'b2']);
  });

  it('keeps the order of a key whose lane changes while sends of it wait', async () => {
    const lanes: Record<string, string> = { a: 'A' };
    const { requests, settled, send } = queueOf({ laneOf: (name) => lanes[name[0] as string] ?? 'B' });
    send('a1', 'b1');
    await settle();
    requests[0]?.resolve([refused, accepted]);
    await settle();
    lanes.a = 'C';
    send('a2');
    await settle();
    expect(requests.map(({ names }) => names)).toEqual([['a1', 'b1'], ['a1']]);
    requests[1]?.resolve([accepted]);
    await settle();
    requests[2]?.resolve([accepted]);
    await settle();
    expect(settled).toEqual(['b1', 'a1', 'a2']);
  });

  it('fails what waits in lanes when it is aborted, and what is in flight when it is abandoned', async () => {
    const { queue, requests, settled, send } = queueOf();
    send('a1', 'b1', 'c1');
    await settle();
    requests[0]?.report(1, accepted);
    requests[0]?.report(2, refused);
    await clock.advance(100);
    send('a2', 'c2', 'b2');
    await settle();
    queue.abort();
    queue.abandon();
    await queue.flush();
    expect(settled.toSorted()).toEqual([
      ...['a1 failed', 'a2 failed', 'b1', 'b2 failed', 'c1 failed', 'c2 failed'],
    ]);
  });

  it('stores each send once and keys in order, whatever fails, hangs, or is reported early', async () => {
    const step = fc.record({
      send: fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), { maxLength: 6 }),
      answer: fc.nat(20),
      fails: fc.subarray(['A', 'B', 'C', '?']),
      reports: fc.boolean(),
      waitMs: fc.constantFrom(0, 10, 60, 120, 1_200),
    });
    const lanes: Record<string, string | undefined> = {
      a: 'A',
      b: 'A',
      c: 'B',
      d: 'B',
      e: 'C',
      f: undefined,
    };
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const laneOf = (name: string) => lanes[name[0] as string];
        const { queue, requests, settled, send } = queueOf({ maxBatchSize: 4, laneOf });
        const broker = new Broker(requests, laneOf);
        const sent: string[] = [];
        for (const { send: keys, answer, fails, reports, waitMs } of steps) {
          for (const key of keys) {
            sent.push(`${key}${sent.length}`);
            send(sent.at(-1) as string);
          }
          await settle();
          broker.answer(answer, new Set(fails), reports);
          await clock.advance(waitMs);
        }
        let isFlushed = false;
        void queue.flush().then(() => {
          isFlushed = true;
        });
        for (let round = 0; round < 300 && !isFlushed; round += 1) {
          await settle();
          for (let open = 0; open < 20; open += 1) broker.answer(0, new Set(), false);
          await clock.advance(1_000);
        }
        expect(isFlushed).toBe(true);
        expect(settled.toSorted()).toEqual(sent.toSorted());
        const inOrder = (names: readonly string[]) =>
          [...'abcdef'].map((key) => names.filter((name) => name.startsWith(key)));
        expect(inOrder(broker.stored)).toEqual(inOrder(sent));
        expect(queue.lastError).toBeUndefined();
      }),
      { numRuns: 150 },
    );
  });
});

/** Answers requests as the contract of `publish` demands, in any order. */
class Broker {
  readonly stored: string[] = [];
  readonly #requests: Request[];
  readonly #laneOf: (name: string) => string | undefined;
  readonly #answered = new Map<Request, (PublishOutcome | undefined)[]>();

  constructor(requests: Request[], laneOf: (name: string) => string | undefined) {
    this.#requests = requests;
    this.#laneOf = laneOf;
  }

  /** Answers the lanes of one of the open requests: as reports, which leave the last lane open, or all together. */
  answer(choice: number, fails: ReadonlySet<string>, reports: boolean): void {
    const open = this.#requests.filter(
      (request) => this.#answered.get(request)?.includes(undefined) !== false,
    );
    const request = open[choice % Math.max(1, open.length)];
    if (request === undefined) return;
    const outcomes = this.#answered.get(request) ?? request.names.map(() => undefined);
    this.#answered.set(request, outcomes);
    const lanes = [
      ...new Set(request.names.filter((_, place) => outcomes[place] === undefined).map(this.#laneOf)),
    ];
    for (const lane of reports ? lanes.slice(0, -1) : lanes)
      this.#answerLane(request, outcomes, lane, fails, reports);
    if (!outcomes.includes(undefined)) request.resolve(outcomes as PublishOutcome[]);
  }

  #answerLane(
    { names, report }: Request,
    outcomes: (PublishOutcome | undefined)[],
    lane: string | undefined,
    fails: ReadonlySet<string>,
    reports: boolean,
  ): void {
    const failed = new Set<string>();
    for (const [place, name] of names.entries()) {
      if (outcomes[place] !== undefined || this.#laneOf(name) !== lane) continue;
      const key = name[0] as string;
      if (failed.has(key)) outcomes[place] = { notAttempted: true };
      else if (fails.has(lane ?? '?')) {
        failed.add(key);
        outcomes[place] = refused;
      } else {
        this.stored.push(name);
        outcomes[place] = accepted;
      }
      if (reports) report(place, outcomes[place] as PublishOutcome);
    }
  }
}
