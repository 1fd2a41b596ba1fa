import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { DropEventError, ReceiverFailedError } from '../errors/receiver-errors.js';
import { createMetadata } from '../metadata/create-metadata.js';
import { recordingLogger } from '../runtime/recording.test-support.js';
import { configureEvents } from '../runtime/runtime.js';
import { defineCount } from './count-changed.test-support.js';
import { dispatchReceived } from './dispatch-received.js';
import { snapshotSignals } from './registry.js';

afterEach(snapshotSignals());
let logger: ReturnType<typeof recordingLogger>;
beforeEach(() => {
  logger = recordingLogger();
  const configured = configureEvents({ logger });
  onTestFinished(() => configured[Symbol.dispose]());
});

const cause = new Error('the outbox is closed');
const failing = {
  'throws at once': () => {
    throw cause;
  },
  rejects: async () => {
    await Promise.resolve();
    throw cause;
  },
};
const delivery = {
  topic: 't',
  groupId: 'g',
  position: '0:1',
  attempt: 1,
  abortSignal: new AbortController().signal,
};

/** A signal with two receivers, and which of them ran. */
function signalWith() {
  const signal = defineCount();
  const ran: string[] = [];
  signal.connect(() => void ran.push('mail'), { name: 'mail' });
  return { signal, ran };
}

describe('a receiver that must succeed', () => {
  it.each(Object.entries(failing))(
    'fails the sender when it %s, and no other receiver has run',
    async (_, receiver) => {
      const { signal, ran } = signalWith();
      signal.connect(receiver, { name: 'outbox', mustSucceed: true });
      const sent = signal.sendEvent({ count: 1 });
      await expect(sent).rejects.toBeInstanceOf(ReceiverFailedError);
      await expect(sent).rejects.toMatchObject({ receiver: 'outbox', cause });
      expect(ran).toEqual([]);
      expect(logger.lines).toEqual([]);
    },
  );

  it('runs before the others, those that must succeed in the order of connection', async () => {
    const { signal, ran } = signalWith();
    signal.connect(async () => void ran.push('outbox'), { name: 'outbox', mustSucceed: true });
    signal.connect(() => void ran.push('audit'), { name: 'audit', mustSucceed: true });
    const results = await signal.sendEvent({ count: 1 });
    expect(ran).toEqual(['outbox', 'audit', 'mail']);
    expect(results.map(({ receiver }) => receiver)).toEqual(ran);
    expect(signal.receivers).toEqual(ran);
  });

  it('fails the sender of an event that came from elsewhere, too', async () => {
    const { signal } = signalWith();
    signal.connect(failing['throws at once'], { mustSucceed: true });
    const sent = signal.sendEventWithMetadata(createMetadata(signal), { count: 1 });
    await expect(sent).rejects.toMatchObject({ cause });
  });

  it('does not fail the sender by an event that it drops', async () => {
    const { signal, ran } = signalWith();
    const drop = () => {
      throw new DropEventError('not needed');
    };
    signal.connect(drop, { name: 'outbox', mustSucceed: true });
    expect(await signal.sendEvent({ count: 1 })).toMatchObject([
      { status: 'rejected' },
      { status: 'fulfilled' },
    ]);
    expect(ran).toEqual(['mail']);
  });

  it('is one failed receiver of a consumed event: the others run', async () => {
    const { signal, ran } = signalWith();
    signal.connect(failing['throws at once'], { name: 'outbox', mustSucceed: true });
    const event = { data: { count: 1 }, metadata: createMetadata(signal), delivery };
    expect(await dispatchReceived(signal, event)).toMatchObject([
      { receiver: 'outbox', status: 'rejected', reason: cause },
      { receiver: 'mail', status: 'fulfilled' },
    ]);
    expect(ran).toEqual(['mail']);
  });
});
