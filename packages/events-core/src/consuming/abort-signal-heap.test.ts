import v8 from 'node:v8';
import vm from 'node:vm';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { defineCount } from '../signals/count-changed.test-support.js';
import { snapshotSignals } from '../signals/registry.js';
import { jsonCodec, plainWireFormat } from '../wire/json-codec.test-support.js';
import { EventBusConsumer } from './event-bus-consumer.js';
import { deliveryOf, messageOf, resolvedOptions } from './types/deliveries.test-support.js';
import type { Delivery } from './types/delivery.js';

/** In full: `EVENTS_HEAP_TEST_EVENTS=5000000 npx vitest run --project unit abort-signal-heap`. */
const EVENTS = Number(process.env.EVENTS_HEAP_TEST_EVENTS ?? 60_000);
const BATCH = 500;

v8.setFlagsFromString('--expose-gc');
const gc = vm.runInNewContext('gc') as () => void;

let restore: () => void;
beforeEach(() => {
  restore = snapshotSignals();
});
afterEach(() => restore());

it(
  'receivers that read their abort signal and leave a listener on it do not make the heap grow',
  async () => {
    const signal = defineCount();
    let count = 0;
    signal.connect(
      async ({ delivery }) => {
        count += 1;
        if (count === EVENTS) consumer.stop();
        delivery?.abortSignal.addEventListener('abort', () => count);
      },
      { name: 'listens' },
    );
    const consumer = new EndlessConsumer(messageOf(signal, { count: 1 }), EVENTS);
    const samples: number[] = [];
    consumer.onBatch = (yielded) => {
      if (yielded % (EVENTS / 6) >= BATCH) return;
      gc();
      samples.push(process.memoryUsage().heapUsed);
    };
    await consumer.run();
    await consumer.close();
    const [, warm = 0] = samples;
    expect(count).toBe(EVENTS);
    expect((samples.at(-1) ?? 0) - warm).toBeLessThan(1_000_000);
  },
  Math.max(240_000, EVENTS / 5),
);

/** Yields one message again and again in one lane whose signal never fires, as a long assignment does. */
class EndlessConsumer extends EventBusConsumer {
  onBatch: (yielded: number) => void = () => {};
  readonly #message: Delivery['message'];
  readonly #events: number;
  readonly #lane = new AbortController();

  constructor(message: Delivery['message'], events: number) {
    super({ codec: jsonCodec, wireFormat: plainWireFormat, options: resolvedOptions() });
    this.#message = message;
    this.#events = events;
  }

  protected async *receive(abortSignal: AbortSignal): AsyncGenerator<readonly Delivery[]> {
    for (let at = 0; at < this.#events; at += BATCH) {
      this.onBatch(at);
      const more = { abortSignal: this.#lane.signal };
      yield Array.from({ length: BATCH }, (_, index) => deliveryOf(this.#message, at + index, more));
    }
    await new Promise((resolve) => abortSignal.addEventListener('abort', resolve));
  }

  protected async acknowledge(): Promise<void> {}
  protected async publishDeadLetter(): Promise<void> {}
  protected async release(): Promise<void> {}
}
