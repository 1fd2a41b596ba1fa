import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'tsup';
import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from 'vitest';
import { consoleLogger, isConsoleLogger } from './console-logger.js';
import { silentLogger } from './logger.js';
import { ManualClock } from './manual-clock.test-support.js';

let warn: MockInstance<typeof console.warn>;
let error: MockInstance<typeof console.error>;
beforeEach(() => {
  warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  error = vi.spyOn(console, 'error').mockImplementation(() => {});
});
afterEach(() => vi.restoreAllMocks());

const clock = new ManualClock('2026-01-02T03:00:00.000Z');
const logger = () => consoleLogger({ clock: () => clock });

describe('consoleLogger', () => {
  it('prints warnings and errors, each where it belongs, and nothing else', () => {
    const { debug, info, warn: logWarning, error: logError } = logger();
    debug({}, 'a detail');
    info({}, 'all is well');
    logWarning({ topic: 'orders' }, 'it is slow');
    logError({ topic: 'orders' }, 'it failed');
    expect(warn.mock.calls).toEqual([['openedx-events warning: it is slow (topic=orders)']]);
    expect(error.mock.calls).toEqual([['openedx-events error: it failed (topic=orders)']]);
  });

  it('prints an entry that repeats with growing gaps and a count', async () => {
    const failing = logger();
    for (let minute = 0; minute < 8; minute += 1) {
      for (const eventId of ['1', '2']) {
        const facts = { receiver: 'mail', eventId, err: new Error(`event ${eventId} failed`) };
        failing.error(facts, 'a receiver failed');
      }
      await clock.advance(60_000);
    }
    expect(error.mock.calls.flat()).toEqual([
      'openedx-events error: a receiver failed (receiver=mail eventId=1): event 1 failed',
      expect.stringContaining('eventId=1 times=3 since=2026-01-02T03:00:00.000Z): event 1 failed'),
      expect.stringContaining('eventId=1 times=7'),
      expect.stringContaining('eventId=1 times=15'),
    ]);
  });

  it('counts entries of another receiver, place, level or kind of error apart', () => {
    const failing = logger();
    failing.error({ receiver: 'mail', err: new Error('a') }, 'failed');
    failing.error({ receiver: 'mail', err: new Error('b') }, 'failed');
    failing.error({ receiver: 'mail', err: new TypeError('a') }, 'failed');
    failing.error({ receiver: 'text', err: new Error('a') }, 'failed');
    failing.error({ receiver: 'mail', topic: 'orders', err: new Error('a') }, 'failed');
    failing.warn({ receiver: 'mail', err: new Error('a') }, 'failed');
    expect([error, warn].map(({ mock }) => mock.calls.length)).toEqual([4, 1]);
  });

  it('prints every entry that counts its failures itself', () => {
    const failing = logger();
    failing.warn({ reason: 'refused' }, 'the broker is unreachable');
    failing.warn({ reason: 'refused', failures: 9 }, 'the broker is unreachable');
    failing.warn({ reason: 'refused', failures: 20 }, 'the broker is unreachable');
    expect(warn).toHaveBeenCalledTimes(3);
  });

  it('keeps 200 characters of each text of an entry, to know it again', () => {
    const long = logger();
    long.warn({ topic: `${'x'.repeat(200)}a` }, 'cannot be read');
    long.warn({ topic: `${'x'.repeat(200)}b` }, 'cannot be read');
    long.warn({ topic: `${'x'.repeat(199)}c` }, 'cannot be read');
    expect(warn).toHaveBeenCalledTimes(2);
  });

  it('prints every entry that names the position of an event', () => {
    const deadLettering = logger();
    for (const position of ['0:17', '0:18']) {
      deadLettering.error({ topic: 'orders', position }, 'an event was dead-lettered');
    }
    expect(error.mock.calls.map(([line]) => line)).toEqual([
      'openedx-events error: an event was dead-lettered (topic=orders position=0:17)',
      'openedx-events error: an event was dead-lettered (topic=orders position=0:18)',
    ]);
  });

  it('does not throw when the console does, or a fact', () => {
    warn.mockImplementation(() => {
      throw new Error('no console');
    });
    const facts = {
      get topic(): string {
        throw new Error('no topic');
      },
    };
    logger().warn({}, 'a');
    logger().warn(facts, 'b');
    expect(warn).toHaveBeenCalledOnce();
  });

  it('can be recognised among configured loggers', () => {
    expect(isConsoleLogger(logger())).toBe(true);
    expect(isConsoleLogger(silentLogger)).toBe(false);
  });
});

describe('a process that has configured no logger', () => {
  const home = join(import.meta.dirname, '../..');
  const outDir = join(home, '.cache/unconfigured-process');

  it('prints one line to stderr for a receiver that throws, and nothing to stdout; silentLogger opts out', async () => {
    const entry = join(import.meta.dirname, 'unconfigured-process.test-support.ts');
    await build({ config: false, entry: { main: entry }, outDir, format: 'esm', silent: true, dts: false });
    const run = (...args: string[]) =>
      promisify(execFile)(process.execPath, [join(outDir, 'main.js'), ...args]);
    const { stdout, stderr } = await run();
    expect(stdout).toBe('');
    expect(stderr.split('\n')).toEqual([
      expect.stringMatching(
        /^openedx-events error: a receiver failed; .* \(eventType=org\.openedx\.core\.item\.sent\.v1 eventId=\S+ receiver=mail\): no mail server$/,
      ),
      '',
    ]);
    expect(await run('silent')).toEqual({ stdout: '', stderr: '' });
  });
});
