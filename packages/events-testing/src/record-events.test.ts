import { defineSignal, InvalidDataError, long, record, string } from '@openedx-ts/events-core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type IsolatedSignals, isolateSignals } from './isolate-signals.js';
import { recordEvents } from './record-events.js';

const SCORED = defineSignal({
  eventType: 'org.openedx.testing.recorded.scored.v1',
  data: { score: record('RecordedScore', { user: string(), points: long() }) },
});
const send = (points: number, user = 'ada') => SCORED.sendEvent({ score: { user, points } });

describe('recordEvents', () => {
  let scope: IsolatedSignals;
  beforeEach(() => {
    scope = isolateSignals();
  });
  afterEach(() => scope.restore());

  it('gives the events one by one, those that came before as well as those to come', async () => {
    using recorder = recordEvents(SCORED);
    await send(1);
    const waiting = [recorder.next(), recorder.next(), recorder.next()];
    await send(2);
    await send(3);
    const events = await Promise.all(waiting);
    expect(events.map(({ data }) => data.score.points)).toEqual([1, 2, 3]);
    expect(recorder.events).toHaveLength(3);
  });

  it('removes several at once, and counts without removing', async () => {
    using recorder = recordEvents(SCORED);
    const counted = recorder.count(3);
    const taken = recorder.take(2);
    for (const points of [1, 2, 3]) await send(points);
    expect((await taken).map(({ data }) => data.score.points)).toEqual([1, 2]);
    expect(await counted).toHaveLength(3);
    expect((await recorder.next()).data.score.points).toBe(3);
  });

  it('finds an event by part of its data or by a function', async () => {
    using recorder = recordEvents(SCORED);
    await send(1, 'bob');
    const byData = recorder.matching({ score: { user: 'ada' } });
    const byFunction = recorder.matching(({ data }) => data.score.points > 1);
    await send(1);
    await send(2);
    expect((await byData).data).toEqual({ score: { user: 'ada', points: 1 } });
    expect((await byFunction).data.score.points).toBe(2);
    expect((await recorder.next()).data.score.user).toBe('bob');
  });

  it('fails the wait of a function that throws, and not the event', async () => {
    using recorder = recordEvents(SCORED);
    const failing = recorder.matching(() => {
      throw new Error('a mistake in the test');
    });
    const next = recorder.next();
    const failure = expect(failing).rejects.toThrow('a mistake in the test');
    await send(1);
    await failure;
    expect((await next).data.score.points).toBe(1);
  });

  it('shows where the nearest event differs, at the line of the test, when none matches', async () => {
    using recorder = recordEvents(SCORED, { timeoutMs: 5 });
    await send(1, 'bob');
    await send(2, 'ada');
    const line = lineHere() + 1;
    const failure = await recorder.matching({ score: { user: 'ada', points: 3 } }).catch((error) => error);
    expect(failure).toMatchObject({ code: 'EVENTS_TESTING_NOT_RECEIVED', received: 2 });
    expect(failure.message).toContain('the nearest is number 2; it differs in 1 place(s):\n  score.points\n');
    expect(failure.stack.split('\n').find((frame: string) => /^ +at /.test(frame))).toMatch(
      new RegExp(`record-events\\.test\\.ts:${line}:`),
    );
  });

  it('ends its waits under fake timers, and receives events', async () => {
    vi.useFakeTimers();
    try {
      using recorder = recordEvents(SCORED, { timeoutMs: 5 });
      await expect(recorder.next()).rejects.toThrow('no further event within 5 ms');
      const coming = recorder.next();
      await send(1);
      expect((await coming).data.score.points).toBe(1);
    } finally {
      vi.useRealTimers();
    }
  });

  it('refuses to wait for data that can never come', async () => {
    using recorder = recordEvents(SCORED);
    await expect(recorder.matching({ score: { usr: 'ada' } } as object)).rejects.toThrow(InvalidDataError);
  });

  it('reports what is missing when the time is up', async () => {
    using recorder = recordEvents(SCORED, { timeoutMs: 5 });
    await send(1);
    await expect(recorder.take(2)).rejects.toMatchObject({
      name: 'EventNotReceivedError',
      code: 'EVENTS_TESTING_NOT_RECEIVED',
      eventType: SCORED.eventType,
      received: 1,
      message: `not 2 further event(s) within 5 ms: 1 event(s) of ${SCORED.eventType} came in all`,
    });
    await expect(recorder.matching({ score: { points: 2 } }, { timeoutMs: 1 })).rejects.toThrow(
      'no event that matches within 1 ms',
    );
    SCORED.disable();
    await expect(recorder.count(2)).rejects.toThrow('not 2 event(s) within 5 ms (the signal is disabled)');
    expect((await recorder.next()).data.score.points).toBe(1);
  });

  it('is iterable until it is disposed of', async () => {
    const recorder = recordEvents(SCORED);
    await send(1);
    await send(2);
    const points: number[] = [];
    for await (const { data } of recorder) {
      points.push(data.score.points);
      if (points.length === 2) void Promise.resolve().then(() => recorder[Symbol.dispose]());
    }
    expect(points).toEqual([1, 2]);
  });

  it('disconnects when disposed of, and ends what waits', async () => {
    const recorder = recordEvents(SCORED);
    const other = recordEvents(SCORED);
    expect(SCORED.receivers).toHaveLength(2);
    const waiting = recorder.next();
    recorder[Symbol.dispose]();
    await expect(waiting).rejects.toThrow('no further event before the recorder was disposed of');
    await expect(recorder.next()).rejects.toThrow('disposed');
    expect(SCORED.receivers).toHaveLength(1);
    await send(1);
    expect(recorder.events).toEqual([]);
    expect(other.events).toHaveLength(1);
  });

  it('leaves no timer behind', async () => {
    const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    const before = timers();
    using recorder = recordEvents(SCORED);
    const waiting = recorder.next();
    expect(timers()).toBe(before + 1);
    await send(1);
    await waiting;
    expect(timers()).toBe(before);
  });
});

function lineHere(): number {
  return Number(/record-events\.test\.ts:(\d+):/.exec(new Error().stack?.split('\n')[2] ?? '')?.[1]);
}
