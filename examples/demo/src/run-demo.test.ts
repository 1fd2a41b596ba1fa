import '@openedx-ts/events-catalog/all'; // what is loaded inside isolateSignals() would be forgotten after it
import { MemoryBroker, memoryEventBus } from '@openedx-ts/event-bus-memory';
import type { EventBusPlugin } from '@openedx-ts/events-core';
import { type Fault, faultyProducer, isolateSignals } from '@openedx-ts/events-testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Progress } from './progress.js';
import { reportOf } from './report.js';
import { runDemo } from './run-demo.js';
import { summaryOf } from './summary.js';

let signals: ReturnType<typeof isolateSignals>;
beforeEach(() => {
  signals = isolateSignals({ runtime: { dispatch: 'robust' } });
});
afterEach(() => signals.restore());

/** How many messages of Python services are replayed. */
const captures = 24;

describe('runDemo', () => {
  it('delivers every event of the services and of the captures', async () => {
    const summary = summaryOf(await runDemo({ bus: busWith([]), events: 60 }));
    expect(summary).toMatchObject({
      bus: 'memory',
      sent: 60 + captures,
      delivered: 60 + captures,
      lost: 0,
      mismatches: [],
    });
    expect(summary.types).toContainEqual({
      eventType: 'org.openedx.learning.course.unenrollment.completed.v1',
      over: 'memory',
      sent: 6,
      delivered: 6,
      mismatched: 0,
    });
    expect(summary.types.filter(({ over }) => over === 'Kafka capture')).toHaveLength(6);
    expect(summary.types.filter(({ over }) => over === 'Redis capture')).toHaveLength(6);
    expect(reportOf(summary).trimEnd().split('\n').at(-1)).toBe('demo: 84 sent, 84 delivered, 0 lost');
  });

  it('counts an event that the bus dropped as lost, and one that came twice once', async () => {
    const bus = busWith(['pass', 'duplicate', 'drop']);
    const summary = summaryOf(await runDemo({ bus, events: 9, patienceMs: 200 }));
    expect(summary).toMatchObject({ sent: 9 + captures, delivered: 8 + captures, lost: 1 });
    expect(summary.mismatches).toEqual([expect.stringMatching(/^no preference for \w+ in course-v1:/)]);
    expect(reportOf(summary)).toContain('demo: 33 sent, 32 delivered, 1 lost\n');
  });

  it('loses nothing while the broker is stopped, and publishes nothing of an enrolment that fails', async () => {
    const broker = new MemoryBroker();
    const calls: string[] = [];
    const outage = {
      stop: async () => {
        calls.push('stop');
        broker.stop();
      },
      start: async () => {
        calls.push('start');
        broker.start();
      },
    };
    const result = await runDemo({ bus: memoryEventBus(broker), events: 60, outbox: true, outage });
    const summary = summaryOf(result);
    expect(summary).toMatchObject({ sent: 60 + captures, delivered: 60 + captures, lost: 0, mismatches: [] });
    expect(calls).toEqual(['stop', 'start']);
    expect(summary.outbox?.failed).toBe(6);
    expect(summary.outbox?.waited).toBeGreaterThanOrEqual(20);
    expect(reportOf(summary)).toContain(
      'outbox: 6 enrolments failed after their event was sent, and published nothing\n',
    );
  }, 240_000);

  it('stops in the middle when it is asked to', async () => {
    const interrupt = new AbortController();
    const stopAtTen: Progress = {
      start: () => {},
      update: ({ sent }) => {
        if (sent === 10) interrupt.abort();
      },
      stop: () => {},
    };
    const { tally } = await runDemo({
      bus: busWith([]),
      events: 1_000_000,
      abortSignal: interrupt.signal,
      progress: stopAtTen,
    });
    expect(tally.sent).toBeGreaterThanOrEqual(10);
    expect(tally.sent).toBeLessThan(1_000);
    expect(tally.rows().map(({ over }) => over)).not.toContain('Kafka capture');
  });

  it('does not start when there is no such bus', async () => {
    await expect(runDemo({ bus: 'redsi', events: 1 })).rejects.toMatchObject({
      code: 'EVENTS_BUS_LOAD_FAILED',
    });
  });
});

/** A memory bus whose sends suffer these faults. */
function busWith(faults: readonly Fault[]): EventBusPlugin {
  const bus = memoryEventBus(new MemoryBroker());
  return {
    ...bus,
    createProducer: async (env) => faultyProducer(await bus.createProducer(env), faults),
  };
}
