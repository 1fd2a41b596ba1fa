import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FailureLog } from './failure-log.js';
import { ManualClock } from './manual-clock.test-support.js';
import { type LogLine, recordingLogger } from './recording.test-support.js';
import { configureEvents } from './runtime.js';

const clock = new ManualClock('2026-01-02T03:00:00.000Z');
const since = '2026-01-02T03:00:00.000Z';
let logger = recordingLogger();
let restore: Disposable;
let failures: FailureLog;

beforeEach(() => {
  logger = recordingLogger();
  restore = configureEvents({ logger, clock: new ManualClock(since) });
  failures = new FailureLog({
    failing: 'the broker is unreachable; receiving is retried',
    recovered: 'the broker is reachable again',
    facts: { groupId: 'g' },
  });
});
afterEach(() => restore[Symbol.dispose]());

const refused = new Error('connection refused');
const failing = (facts: object): LogLine => ({
  level: 'warn',
  message: 'the broker is unreachable; receiving is retried',
  facts: { groupId: 'g', ...facts },
});

describe('FailureLog', () => {
  it('logs the first failure with its error, and later ones with growing gaps, their number and their start', async () => {
    using _settings = configureEvents({ clock });
    const minutes: number[] = [];
    for (let minute = 0; minute <= 300; minute += 1) {
      const before = logger.lines.length;
      failures.failed(refused);
      if (logger.lines.length > before) minutes.push(minute);
      await clock.advance(60_000);
    }
    expect(minutes).toEqual([0, 1, 3, 7, 15, 31, 63, 123, 183, 243]);
    expect(logger.lines.slice(0, 3)).toEqual([
      failing({ err: refused }),
      failing({ reason: 'connection refused', failures: 2, since }),
      failing({ reason: 'connection refused', failures: 4, since }),
    ]);
  });

  it('logs the recovery once, with how often it failed and since when', () => {
    failures.recovered();
    failures.failed(refused, { topic: 'orders' });
    failures.failed(refused, { topic: 'orders' });
    expect(failures.isFailing).toBe(true);
    failures.recovered();
    failures.recovered();
    expect(failures.isFailing).toBe(false);
    expect(logger.lines).toEqual([
      failing({ err: refused, topic: 'orders' }),
      {
        level: 'warn',
        message: 'the broker is reachable again',
        facts: { groupId: 'g', failures: 2, since },
      },
    ]);
  });

  it('logs a new reason at once, but not every text of an error whose text always differs', () => {
    for (let number = 1; number <= 20; number += 1) failures.failed(new Error(`request ${number} failed`));
    expect(logger.lines).toHaveLength(5);
    expect(logger.lines[1]).toEqual(
      failing({ err: new Error('request 2 failed'), failures: 2, since: expect.any(String) }),
    );
  });

  it('does not log each failure of a connection that comes and goes', async () => {
    const flapping = new ManualClock(since);
    using _settings = configureEvents({ clock: flapping });
    for (let second = 0; second < 60; second += 2) {
      failures.failed(refused);
      await flapping.advance(1_000);
      failures.recovered();
      await flapping.advance(1_000);
    }
    expect(logger.lines.map(({ message }) => message)).toEqual([
      'the broker is unreachable; receiving is retried',
      'the broker is reachable again',
    ]);
    failures.failed(refused);
    expect(logger.lines.at(-1)).toEqual(failing({ reason: 'connection refused', failures: 31, since }));
  });

  it('starts anew with a failure that comes a minute after the recovery', async () => {
    const later = new ManualClock(since);
    using _settings = configureEvents({ clock: later });
    failures.failed(refused);
    failures.recovered();
    await later.advance(60_000);
    failures.failed(refused);
    failures.recovered();
    expect(logger.lines.map(({ facts }) => 'err' in facts)).toEqual([true, false, true, false]);
    expect(logger.lines.at(-1)?.facts).toMatchObject({ failures: 1, since: '2026-01-02T03:01:00.000Z' });
  });
});
