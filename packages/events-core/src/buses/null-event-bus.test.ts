import { describe, expect, it } from 'vitest';
import { InvalidOptionsError } from '../errors/configuration-errors.js';
import { createMetadata } from '../metadata/create-metadata.js';
import { nullEventBus } from './null-event-bus.js';

describe('nullEventBus', () => {
  it('accepts every event and does nothing with it', async () => {
    await using producer = await nullEventBus.createProducer({});
    const metadata = createMetadata({ eventType: 'e' });
    const receipt = { eventId: metadata.id, topic: 't', position: 'nowhere' };
    const event = { metadata, topic: 't' } as never;
    expect(await producer.send(event)).toEqual(receipt);
    expect(await producer.offer(event)).toEqual(receipt);
    expect(await producer.publishEncoded([event])).toEqual([{ status: 'fulfilled', value: receipt }]);
    expect(await producer.publishMessages([event])).toEqual([
      { status: 'fulfilled', value: { ...receipt, eventId: '' } },
    ]);
    await producer.flush();
    expect(producer.health()).toEqual({ live: true, ready: true, reasons: [] });
  });

  it('has nothing to consume, and reports that', () => {
    expect(() => nullEventBus.createConsumer({}, { topics: ['t'], groupId: 'g' })).toThrow(
      InvalidOptionsError,
    );
  });
});
