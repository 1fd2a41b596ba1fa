import { afterEach, describe, expect, it, vi } from 'vitest';
import { UnknownSignalError } from '../errors/signal-errors.js';
import { createMetadata } from '../metadata/create-metadata.js';
import { dispatchReceived } from './dispatch-received.js';
import { defineUserSignal, receivedAda } from './fixtures.test-support.js';
import { snapshotSignals } from './registry.js';
import type { OpenEdxPublicSignal } from './signal.js';

const restore = snapshotSignals();
afterEach(() => restore());

const metadataOf = (eventType: string) => createMetadata({ eventType, sourceHost: 'elsewhere' });

describe('dispatchReceived', () => {
  const delivery = {
    topic: 't',
    groupId: 'g',
    position: '0:1',
    attempt: 1,
    abortSignal: new AbortController().signal,
  };

  it('gives receivers the data of a codec as it is, and how it was delivered', async () => {
    const signal = defineUserSignal();
    const receiver = vi.fn();
    signal.connect(receiver);
    const metadata = metadataOf(signal.eventType);
    const unchecked = { user: 5 } as never;
    await dispatchReceived(signal, { metadata, data: unchecked, delivery });
    const event = { metadata, fromEventBus: true, delivery, data: unchecked };
    expect(receiver).toHaveBeenCalledExactlyOnceWith(expect.objectContaining(event));
  });

  it('gives results at once unless a receiver returns a promise', async () => {
    const signal = defineUserSignal();
    signal.connect(() => 'at once', { name: 'sync' });
    const event = { metadata: metadataOf(signal.eventType), data: { user: receivedAda }, delivery };
    const sync = { receiver: 'sync', status: 'fulfilled', value: 'at once' };
    expect(dispatchReceived(signal, event)).toEqual([sync]);
    signal.connect(async () => 'later', { name: 'async' });
    const both = dispatchReceived(signal, event);
    expect(both).toBeInstanceOf(Promise);
    expect(await both).toEqual([sync, { receiver: 'async', status: 'fulfilled', value: 'later' }]);
  });

  it('runs only the receivers that are asked for, in their order', async () => {
    const signal = defineUserSignal();
    for (const name of ['a', 'b', 'c']) signal.connect(() => name, { name });
    const event = { metadata: metadataOf(signal.eventType), data: { user: receivedAda }, delivery };
    const run = async (receivers: readonly string[]) =>
      dispatchReceived(signal, { ...event, receivers: new Set(receivers) });
    expect((await run(['c', 'a', 'gone'])).map(({ receiver }) => receiver)).toEqual(['a', 'c']);
    expect(await run([])).toEqual([]);
  });

  it('does nothing while the signal is disabled', () => {
    const signal = defineUserSignal();
    const receiver = vi.fn();
    signal.connect(receiver);
    signal.disable();
    const event = { metadata: metadataOf(signal.eventType), data: { user: receivedAda }, delivery };
    expect(dispatchReceived(signal, event)).toEqual([]);
    expect(receiver).not.toHaveBeenCalled();
  });

  it('runs receivers of a signal that another copy of the package has defined', async () => {
    vi.resetModules();
    const { defineUserSignal: defineThere } = await import('./fixtures.test-support.js');
    const signal = defineThere('theirs');
    signal.connect((event) => event.delivery?.position, { name: 'a' });
    const event = { metadata: metadataOf(signal.eventType), data: { user: receivedAda }, delivery };
    expect(dispatchReceived(signal, event)).toEqual([{ receiver: 'a', status: 'fulfilled', value: '0:1' }]);
  });

  it('refuses what is no signal', () => {
    const { eventType } = defineUserSignal();
    const event = { metadata: metadataOf(eventType), data: { user: receivedAda }, delivery };
    expect(() => dispatchReceived({ eventType } as OpenEdxPublicSignal<never>, event as never)).toThrow(
      UnknownSignalError,
    );
  });
});
