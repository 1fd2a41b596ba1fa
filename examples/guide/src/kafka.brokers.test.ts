import { kafkaOrReason, startFakeSchemaRegistry } from '@openedx-ts/brokers';
import { isolateSignals } from '@openedx-ts/events-testing';
import { describe, expect, it, vi } from 'vitest';
import { announce, index, options } from './kafka.js';

const kafka = await kafkaOrReason();

describe.skipIf(kafka.reason !== undefined)(kafka.titled('the code of the page on Kafka'), () => {
  it('sends an event and receives it', async () => {
    using _signals = isolateSignals();
    await using server = await kafka.start();
    await using registry = await startFakeSchemaRegistry();
    const log = vi.spyOn(console, 'log').mockReturnValue();
    const { tls: _tls, sasl: _sasl, ...bare } = options;
    const { bootstrapServers } = server;
    const here = { ...bare, bootstrapServers, schemaRegistry: { url: registry.url } };
    const ending = new AbortController();
    const running = index(here, ending.signal);
    // A new group starts with events sent after it was created, and the test cannot observe when that is.
    await vi.waitFor(
      async () => {
        expect(await announce(here, 'course-v1:edX+DemoX+2026')).toMatch(/^\d:\d+$/);
        expect(log).toHaveBeenCalledWith('course-v1:edX+DemoX+2026 was created');
      },
      { timeout: 60_000 },
    );
    ending.abort();
    await running;
    log.mockRestore();
  });
});
