import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { OutcomeUnknownError, ProduceFailedError } from '../errors/bus-errors.js';
import { type Deferred, deferred } from '../runtime/deferred.js';
import { silentLogger } from '../runtime/logger.js';
import { ManualClock, settle } from '../runtime/manual-clock.test-support.js';
import { configureEvents } from '../runtime/runtime.js';
import type { Message } from '../wire/message.js';
import type { PublishOutcome } from './publish-outcome.js';
import { SendQueue } from './send-queue.js';

let clock: ManualClock;
beforeEach(() => {
  clock = new ManualClock();
  const configured = configureEvents({ clock, logger: silentLogger });
  onTestFinished(() => configured[Symbol.dispose]());
});

/** A request that the test answers. */
interface Request extends Deferred<readonly PublishOutcome[]> {
  readonly keys: readonly string[];
  readonly messages: readonly Message[];
}

function queueOf(maxBatchSize = 10) {
  const requests: Request[] = [];
  const queue = new SendQueue({
    topic: 'orders',
    maxBatchSize,
    deliveryTimeoutMs: 1_000,
    publish: (messages) => {
      const request = {
        ...deferred<readonly PublishOutcome[]>(),
        keys: messages.map(({ key }) => String(key)),
        messages,
      };
      requests.push(request);
      return request.promise;
    },
  });
  const settled: string[] = [];
  const errors: unknown[] = [];
  const send = (key: string, message: () => Message = () => messageOf(key)) =>
    queue.add({
      message,
      accepted: (position) => settled.push(`${key} at ${position}`),
      failed: (error) => {
        errors.push(error);
        settled.push(`${key} failed`);
      },
    });
  return { queue, requests, settled, errors, send };
}

const messageOf = (key: string): Message => ({
  topic: 'orders',
  key: Buffer.from(key),
  value: Buffer.from('value'),
  headers: [],
});

const unreachable = Object.assign(new Error('unreachable'), { retryable: true });

describe('SendQueue', () => {
  it('sends together what was added in one tick, and what gathers while a request is in flight', async () => {
    const { requests, send } = queueOf();
    send('a');
    send('b');
    await settle();
    send('c');
    send('d');
    await settle();
    expect(requests.map(({ keys }) => keys)).toEqual([['a', 'b']]);
    requests[0]?.resolve([{ position: '0' }, { position: '1' }]);
    await settle();
    expect(requests.map(({ keys }) => keys)).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
  });

  it('gives a bus the same message again while its outcome is unknown, and makes others again', async () => {
    const { requests, send } = queueOf();
    send('a');
    send('b');
    await settle();
    requests[0]?.resolve([{ error: new OutcomeUnknownError('no reply') }, { error: unreachable }]);
    await settle();
    await clock.advance(50);
    expect(requests[1]?.keys).toEqual(['a', 'b']);
    expect(requests[1]?.messages[0]).toBe(requests[0]?.messages[0]);
    expect(requests[1]?.messages[1]).not.toBe(requests[0]?.messages[1]);
  });

  it('puts at most maxBatchSize sends into a request', async () => {
    const { requests, send } = queueOf(2);
    for (const key of ['a', 'b', 'c']) send(key);
    await settle();
    requests[0]?.resolve([{ position: '0' }, { position: '1' }]);
    await settle();
    expect(requests.map(({ keys }) => keys)).toEqual([['a', 'b'], ['c']]);
  });

  it('retries a send for a retryable reason in front of later ones', async () => {
    const { requests, settled, send } = queueOf();
    send('a');
    send('b');
    await settle();
    send('c');
    requests[0]?.resolve([{ error: unreachable }, { position: '1' }]);
    await settle();
    expect(settled).toEqual(['b at 1']);
    await clock.advance(100);
    expect(requests[1]?.keys).toEqual(['a', 'c']);
  });

  it('fails a send whose deliveryTimeoutMs is over, with the last error as its cause', async () => {
    const { requests, errors, send } = queueOf();
    send('a');
    await settle();
    await clock.advance(1_000);
    requests[0]?.resolve([{ error: unreachable }]);
    await settle();
    expect(errors).toEqual([expect.any(ProduceFailedError)]);
    expect(errors[0]).toMatchObject({ retryable: true, fault: 'bus', cause: unreachable });
  });

  it.each<[string, unknown]>([
    ['is lost again', new OutcomeUnknownError('no reply')],
    ['cannot be asked for, because the broker is unreachable', unreachable],
  ])(
    'reports an event whose answer was lost as one that may have been accepted, when it %s',
    async (_, last) => {
      const { requests, errors, send } = queueOf();
      send('a');
      await settle();
      requests[0]?.resolve([{ error: new OutcomeUnknownError('no reply') }]);
      await clock.advance(1_000);
      requests[1]?.resolve([{ error: last }]);
      await settle();
      expect(errors).toMatchObject([{ retryable: false, outcome: 'unknown', fault: 'unknown', cause: last }]);
      expect((errors[0] as Error).message).toMatch(/^event for topic orders may have been accepted: /);
    },
  );

  it('reports so, too, of a request that rejects as a whole, and of one that waits as the producer closes', async () => {
    const { queue, requests, errors, send } = queueOf(1);
    send('a');
    send('b');
    await settle();
    requests[0]?.reject(new OutcomeUnknownError('no reply'));
    await settle();
    queue.abort();
    await clock.advance(1_000);
    expect(errors).toMatchObject([
      { retryable: false, outcome: 'unknown' },
      { retryable: true, outcome: 'refused' },
    ]);
  });

  it('fails only the send whose message cannot be made', async () => {
    const { requests, settled, send } = queueOf();
    send('a', () => {
      throw new Error('refused by the registry');
    });
    send('b');
    await settle();
    requests[0]?.resolve([{ position: '0' }]);
    await settle();
    expect(settled).toEqual(['a failed', 'b at 0']);
  });

  it.each<[string, unknown, unknown]>([
    [
      'an error without a word on it',
      new Error('no frame'),
      { fault: 'event', cause: new Error('no frame') },
    ],
    [
      'an error that names its fault',
      Object.assign(new Error('no access'), { fault: 'bus' }),
      { fault: 'bus' },
    ],
  ])('blames the event for a message that cannot be made, with %s', async (_, thrown, expected) => {
    const { errors, send } = queueOf();
    send('a', () => {
      throw thrown;
    });
    await settle();
    expect(errors).toMatchObject([expected]);
  });

  it.each<[string, unknown, string]>([
    ['the bus', new Error('wrong password'), 'bus'],
    ['the event', Object.assign(new Error('refused'), { fault: 'event' }), 'event'],
  ])('blames %s for a refusal as the error of the bus does', async (_, refusal, fault) => {
    const { requests, errors, send } = queueOf();
    send('a');
    await settle();
    requests[0]?.resolve([{ error: refusal }]);
    await settle();
    expect(errors).toMatchObject([
      { code: 'EVENTS_PRODUCE_FAILED', retryable: false, fault, cause: refusal },
    ]);
  });

  it('fails a send for which the bus returned no outcome, as one that may have been written', async () => {
    const { requests, errors, send } = queueOf();
    send('a');
    await settle();
    requests[0]?.resolve([]);
    await settle();
    expect(errors[0]).toMatchObject({ retryable: false, outcome: 'unknown' });
  });

  it('flush() waits for what was added before, and not for what comes later', async () => {
    const { queue, requests, send } = queueOf();
    let isFlushed = false;
    send('a');
    const flushed = queue.flush().then(() => {
      isFlushed = true;
    });
    await settle();
    send('b');
    expect(isFlushed).toBe(false);
    requests[0]?.resolve([{ position: '0' }]);
    await flushed;
    expect(requests.at(-1)?.keys).toEqual(['b']);
  });

  it('abort() fails what waits, and abandon() the request in flight, too', async () => {
    const { queue, settled, errors, send } = queueOf();
    send('a');
    await settle();
    send('b');
    queue.abort();
    queue.abandon();
    await settle();
    expect(settled).toEqual(['a failed', 'b failed']);
    expect(errors).toMatchObject([{ retryable: false, outcome: 'unknown' }, { retryable: true }]);
  });
});
