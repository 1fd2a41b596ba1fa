import { MemoryBroker, memoryEventBus } from '@openedx-ts/event-bus-memory';
import { XBLOCK_DELETED } from '@openedx-ts/events-catalog/content-authoring/xblock-deleted';
import { XBLOCK_PUBLISHED } from '@openedx-ts/events-catalog/content-authoring/xblock-published';
import { type ProducerConfigInput, startEventBus } from '@openedx-ts/events-core';
import { decodeHeaders } from '@openedx-ts/events-core/bus';
import { isolateSignals } from '@openedx-ts/events-testing';
import { describe, expect, it } from 'vitest';
import { usageKey } from './sample-data.js';

const published = 'org.openedx.content_authoring.xblock.published.v1';
const deleted = 'org.openedx.content_authoring.xblock.deleted.v1';
const key = { event_key_field: 'xblock_info.usage_key' };

/** The example of the reference's decision on producing by settings, in both of its forms. */
const forms: Readonly<Record<string, (isSecondEnabled: boolean) => ProducerConfigInput>> = {
  list: (isSecondEnabled) => ({
    [published]: [
      { topic: 'content-authoring-xblock-lifecycle', enabled: true, ...key },
      { topic: 'content-authoring-xblock-published', enabled: isSecondEnabled, ...key },
    ],
    [deleted]: [{ topic: 'content-authoring-xblock-lifecycle', enabled: true, ...key }],
  }),
  map: (isSecondEnabled) => ({
    [published]: {
      'content-authoring-xblock-lifecycle': { enabled: true, ...key },
      'content-authoring-xblock-published': { enabled: isSecondEnabled, ...key },
    },
    [deleted]: { 'content-authoring-xblock-lifecycle': { enabled: true, ...key } },
  }),
};

describe.each(Object.entries(forms))('routes configured as a %s', (_form, config) => {
  it('sends to the enabled topic alone, and to both once the second is enabled at run time', async () => {
    using _signals = isolateSignals();
    const broker = new MemoryBroker();
    const env = { EVENT_BUS_TOPIC_PREFIX: 'dev' };
    await using bus = await startEventBus({
      bus: memoryEventBus(broker),
      env,
      producerConfig: config(false),
    });
    const idsOn = (topic: string) =>
      broker.messages(`dev-${topic}`).map(({ headers }) => decodeHeaders(headers, 'kafka').id);

    await XBLOCK_PUBLISHED.sendEvent({ xblock_info: { usage_key: usageKey(1), block_type: 'video' } });
    await bus.producer?.flush();
    const [first, ...others] = idsOn('content-authoring-xblock-lifecycle');
    expect(others).toEqual([]);
    expect(idsOn('content-authoring-xblock-published')).toHaveLength(0);

    await bus.applyProducerConfig(config(true));
    await XBLOCK_PUBLISHED.sendEvent({ xblock_info: { usage_key: usageKey(2), block_type: 'video' } });
    await bus.producer?.flush();
    const later = idsOn('content-authoring-xblock-lifecycle').filter((id) => id !== first);
    expect(later).toHaveLength(1);
    expect(idsOn('content-authoring-xblock-published')).toEqual(later);
  });
});

describe('the lifecycle topic', () => {
  it('never delivers the deletion of a block before its publication', async () => {
    using _signals = isolateSignals();
    const plugin = memoryEventBus(new MemoryBroker());
    await using bus = await startEventBus({ bus: plugin, producerConfig: forms.map?.(false) });
    const consumer = await bus.createConsumer({
      topics: ['content-authoring-xblock-lifecycle'],
      groupId: 'search-index',
    });
    const seen = new Map<string, string[]>();
    let deliveries = 0;
    const all = new Promise<void>((resolve) => {
      const note =
        (step: string) =>
        (event: { data: { xblock_info: { usage_key: unknown } }; fromEventBus: boolean }) => {
          if (!event.fromEventBus) return;
          const block = String(event.data.xblock_info.usage_key);
          seen.set(block, [...(seen.get(block) ?? []), step]);
          deliveries += 1;
          if (deliveries === 2_000) resolve();
        };
      XBLOCK_PUBLISHED.connect(note('published'));
      XBLOCK_DELETED.connect(note('deleted'));
    });
    const running = consumer.run();
    await consumer.ready;
    for (let block = 0; block < 1_000; block += 1) {
      const xblock_info = { usage_key: usageKey(block), block_type: 'video' };
      await XBLOCK_PUBLISHED.sendEvent({ xblock_info });
      await XBLOCK_DELETED.sendEvent({ xblock_info });
    }
    await all;
    consumer.stop();
    await running;
    expect(seen.size).toBe(1_000);
    expect([...seen.values()].filter((steps) => steps.join() !== 'published,deleted')).toEqual([]);
  });
});
