import { PassThrough, Writable } from 'node:stream';
import { configureEvents, createMetadata } from '@openedx-ts/events-core';
import { snapshotSignals } from '@openedx-ts/events-core/bus';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { broker, eventBus } from '../memory-bus.test-support.js';
import { DRAFT_SAVED, INVOICE_PAID, Money } from '../own-events.test-support.js';
import { collected, run } from '../run.test-support.js';

const own = ['--require', './own-events.test-support.ts'];
const bus = ['--bus', './memory-bus.test-support.ts'];
let topics = 0;
let topic = '';
beforeEach(() => {
  topics += 1;
  topic = `invoices-${topics}`;
});
const cleanups: (() => void)[] = [];
afterEach(() => {
  broker.start();
  for (const cleanUp of cleanups.splice(0)) cleanUp();
});

describe('consume', () => {
  it('writes events as they come, and acknowledges them', async () => {
    await send(3);
    const args = ['--count', '2', '--from', 'earliest'];
    const first = await consume(args);
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(numbersIn(first.stdout)).toEqual([0, 1]);
    expect(JSON.parse(first.stdout.split('\n')[0] as string)).toMatchObject({
      event_type: INVOICE_PAID.eventType,
      metadata: { event_type: INVOICE_PAID.eventType, source: expect.any(String) },
      data: { invoice: { number: 0, total: '1.00 EUR', seal: 'ÿ', note: null } },
      topic,
      position: '0:0',
    });
    expect(numbersIn((await consume(['--count', '1'])).stdout)).toEqual([2]);
  });

  it('writes personal data as *** with --mask', async () => {
    await send(1, topic, { note: 'for Ada' });
    const { stdout } = await consume(['--from', 'earliest', '--count', '1', '--mask']);
    expect(JSON.parse(stdout)).toMatchObject({
      data: { invoice: { number: 0, note: '***', channel: 'web' } },
    });
    expect(stdout).not.toContain('for Ada');
  });

  it('writes topics without their prefix', async () => {
    await send(1, `p-${topic}`);
    const env = { EVENT_BUS_TOPIC_PREFIX: 'p' };
    const { stdout } = await consume(['--from', 'earliest', '--count', '1'], { env });
    expect(JSON.parse(stdout)).toMatchObject({ topic });
  });

  it('acknowledges no event whose line nobody read', async () => {
    await send(3);
    const reader = new PassThrough({ highWaterMark: 1 });
    const abort = new AbortController();
    const running = consume(['--from', 'earliest'], { stdout: reader, abortSignal: abort.signal });
    await vi.waitFor(() => expect(reader.writableLength + reader.readableLength).toBeGreaterThan(0));
    abort.abort('SIGINT'); // the reader stands still, and the command ends all the same
    expect((await running).code).toBe(130);
    expect(numbersIn((await consume(['--count', '3'])).stdout)).toEqual([0, 1, 2]);
  });

  it('ends quietly when its reader goes, and leaves what was not written', async () => {
    await send(5);
    const lines: string[] = [];
    const head = new Writable({
      write(chunk: Buffer, _encoding, done) {
        if (lines.length === 2) return done(Object.assign(new Error('EPIPE'), { code: 'EPIPE' }));
        lines.push(String(chunk));
        done();
      },
    });
    expect(await consume(['--from', 'earliest'], { stdout: head })).toMatchObject({ code: 0, stderr: '' });
    expect(numbersIn(lines.join(''))).toEqual([0, 1]);
    expect(numbersIn((await consume(['--count', '3'])).stdout)).toEqual([2, 3, 4]);
  });

  it('fails when it cannot write, with the reason', async () => {
    await send(1);
    const full = new Writable({ write: (_chunk, _encoding, done) => done(new Error('no space left')) });
    const { code, stderr } = await consume(['--from', 'earliest'], { stdout: full });
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('error: no space left') });
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 0],
  ])('ends gracefully with %s', async (signal, code) => {
    const out = collected();
    const abort = new AbortController();
    await send(1);
    const running = consume(['--from', 'earliest'], { stdout: out.stream, abortSignal: abort.signal });
    await vi.waitFor(() => expect(numbersIn(out.text())).toEqual([0]));
    abort.abort(signal);
    expect(await running).toMatchObject({ code, stderr: '' });
    await send(1);
    expect(numbersIn((await consume(['--count', '1'])).stdout)).toEqual([0]);
    expect(broker.messages(topic)).toHaveLength(2);
  });

  it('runs the receivers of --require; an event that fails in them is written and dead-lettered', async () => {
    cleanups.push(snapshotSignals());
    const numbers: (number | bigint)[] = [];
    const connection = INVOICE_PAID.connect(({ data }) => {
      numbers.push(data.invoice.number);
      if (data.invoice.number === 0) throw new Error('not this one');
    });
    cleanups.push(() => connection.disconnect());
    await send(2);
    const extra = ['--extra', '{"maxAttempts": 1}'];
    const { stdout, stderr } = await consume(['--from', 'earliest', '--count', '2', ...extra]);
    expect(numbersIn(stdout)).toEqual([0, 1]);
    expect(numbers).toEqual([0, 1]);
    expect(stderr).toMatch(/^error: a receiver failed; .*: not this one \(/);
    expect(broker.messages(`${topic}.g.dlq`)).toHaveLength(1);
    const quiet = await consume(['--from', 'earliest', '--count', '2', '--quiet', ...extra], {}, 'quiet');
    expect(quiet.stdout).toBe('');
    expect(numbers).toEqual([0, 1, 0, 1]);
  });

  it('leaves alone what receivers send in the process', async () => {
    const connection = INVOICE_PAID.connect(async ({ fromEventBus }) => {
      if (fromEventBus) await DRAFT_SAVED.sendEvent({ draft: 'a' });
    });
    cleanups.push(() => connection.disconnect());
    await send(1);
    expect(numbersIn((await consume(['--from', 'earliest', '--count', '1'])).stdout)).toEqual([0]);
  });

  it('handles unknown types as --extra states', async () => {
    const restore = snapshotSignals();
    await send(1, topic, { eventType: 'com.example.billing.invoice.lost.v1' });
    await send(1);
    restore();
    const { stdout, stderr } = await consume(['--from', 'earliest', '--count', '1']);
    expect(numbersIn(stdout)).toEqual([0]);
    expect(stderr).toMatch(/^warning: events of a type that is not loaded here are skipped .*invoice\.lost/);
    const stopped = await consume(['--from', 'earliest', '--extra', '{"unknownType": "stop"}'], {}, 'strict');
    expect(stopped.code).toBe(1);
    expect(stopped.stderr).toContain('import the module that defines it [EVENTS_CONSUMER_FAILED]');
  });

  it.each([
    [['--extra', '{"maxAtempts": 3}'], 'did you mean maxAttempts?'],
    [['--extra', '{"maxAttempts": 0}'], 'maxAttempts: must be a whole number'],
    [['--extra', '{"consumer_name": "taken"}'], 'is taken'],
    [['--extra', '{'], '--extra: not valid JSON'],
    [['--from', '2026-01-01'], 'a time with an offset'],
    [['--from', 'a place'], 'expected resume'],
    [['--count', '0'], 'Expected a whole number'],
    [['--bus', 'null'], 'the null bus has no events to consume'],
  ])('answers %j with exit code 2 and what is wrong', async (args, reason) => {
    const { code, stdout, stderr } = await consume(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(reason);
  });

  it('ends with 3 when the broker stays unreachable at the start', async () => {
    broker.stop();
    const { code, stderr } = await consume(['--wait', '50']);
    expect(code).toBe(3);
    expect(stderr).toContain('is not ready after 50 ms (--wait): the memory broker is stopped');
  });

  it('puts the settings of the process back', async () => {
    const logger = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
    using _settings = configureEvents({ logger });
    await send(1);
    const { stderr } = await consume(['--from', 'earliest', '--count', '1', '--verbose']);
    expect(stderr).toContain('info: 1 events consumed');
    expect(INVOICE_PAID.receivers).toEqual([]);
    expect(logger.info).not.toHaveBeenCalled();
  });
});

function consume(args: readonly string[], io: Partial<Parameters<typeof run>[1]> = {}, group = 'g') {
  return run(['consume', ...own, ...bus, '-t', topic, '-g', group, ...args], io);
}

function numbersIn(stdout: string): number[] {
  return stdout
    .split('\n')
    .filter((text) => text !== '')
    .map((text) => (JSON.parse(text) as { data: { invoice: { number: number } } }).data.invoice.number);
}

/** Sends invoices with the numbers from 0. */
async function send(
  count: number,
  to = topic,
  { eventType = INVOICE_PAID.eventType as string, note = null as string | null } = {},
): Promise<void> {
  await using producer = await eventBus.createProducer({});
  for (let number = 0; number < count; number += 1) {
    await producer.send({
      signal: { ...signalFields, eventType } as typeof INVOICE_PAID,
      topic: to,
      eventKeyField: 'invoice.number',
      data: {
        invoice: {
          number,
          total: new Money(100, 'EUR'),
          lines: [],
          rates: {},
          note,
          seal: Buffer.from([255]),
        },
      },
      metadata: createMetadata({ eventType }),
    });
  }
}

const signalFields = { shape: INVOICE_PAID.shape, about: INVOICE_PAID.about, minorVersion: 0 };
