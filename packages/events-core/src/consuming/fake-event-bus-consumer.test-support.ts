import { deferred } from '../runtime/deferred.js';
import type { EventCodec } from '../wire/codec.js';
import { jsonCodec, plainWireFormat } from '../wire/json-codec.test-support.js';
import type { Message } from '../wire/message.js';
import type { WireFormat } from '../wire/wire-format.js';
import { EventBusConsumer } from './event-bus-consumer.js';
import type { ConsumerOptions } from './types/consumer-options.js';
import { resolvedOptions } from './types/deliveries.test-support.js';
import type { Delivery } from './types/delivery.js';

/** What `receive` yields next: a batch, an error to throw, or its end. */
type Step = readonly Delivery[] | { readonly failure: unknown } | 'end';

/** A consumer whose broker is the test: the test pushes deliveries, and reads what is acknowledged. */
export class FakeEventBusConsumer extends EventBusConsumer {
  readonly acknowledged: (readonly [string, ...number[]])[] = [];
  readonly deadLetters: Message[] = [];
  readonly paused: string[] = [];
  readonly log: string[] = [];
  /** What `acknowledge`, `publishDeadLetter` and `leave` throw from now on. */
  failures: { acknowledge?: unknown; acknowledgeAhead?: unknown; deadLetter?: unknown; leave?: unknown } = {};
  /** Whether `acknowledgeAhead` never resolves. */
  hangsAhead = false;
  /** What `acknowledge` and `publishDeadLetter` wait for. */
  holds: { acknowledge?: Promise<void>; deadLetter?: Promise<void> } = {};
  receives = 0;
  #steps: Step[] = [];
  #arrived = deferred();

  constructor(
    options: Partial<ConsumerOptions> = {},
    parts: { readonly codec?: EventCodec; readonly wireFormat?: WireFormat } = {},
  ) {
    const { codec = jsonCodec, wireFormat = plainWireFormat } = parts;
    super({ codec, wireFormat, options: resolvedOptions({ stallTimeoutMs: Infinity, ...options }) });
  }

  /** Makes steps arrive. */
  push(...steps: readonly Step[]): void {
    this.#steps.push(...steps);
    this.#arrived.resolve();
  }

  /** How many steps have not arrived yet. */
  get waiting(): number {
    return this.#steps.length;
  }

  drain(lane: string): Promise<void> {
    return this.drainLane(lane);
  }

  /** Reports whether the broker has events that have not arrived. */
  unread(lane: string, hasUnread: boolean): void {
    this.reportUnread(lane, hasUnread);
  }

  protected async *receive(abortSignal: AbortSignal): AsyncGenerator<readonly Delivery[]> {
    this.receives += 1;
    const aborted = deferred();
    abortSignal.addEventListener('abort', () => aborted.resolve(), { once: true });
    for (;;) {
      const step = this.#steps.shift();
      if (step === undefined) {
        if (abortSignal.aborted) return; // what arrived before is still yielded, as a bus may do
        this.#arrived = deferred();
        await Promise.race([this.#arrived.promise, aborted.promise]);
      } else if (step === 'end') return;
      else if ('failure' in step) throw step.failure;
      else yield step;
    }
  }

  protected async acknowledge(lane: string, ordinals: readonly number[]): Promise<void> {
    await this.holds.acknowledge;
    if (this.failures.acknowledge !== undefined) throw this.failures.acknowledge;
    this.acknowledged.push([lane, ...ordinals]);
    this.log.push(`ack ${ordinals.join(' ')}`);
  }

  protected override async acknowledgeAhead(lane: string, ordinals: readonly number[]): Promise<void> {
    if (this.failures.acknowledgeAhead !== undefined) throw this.failures.acknowledgeAhead;
    this.log.push(`ack ahead ${lane} ${ordinals.join(' ')}`);
    if (this.hangsAhead) await new Promise(() => {});
  }

  protected async publishDeadLetter(message: Message): Promise<void> {
    await this.holds.deadLetter;
    if (this.failures.deadLetter !== undefined) throw this.failures.deadLetter;
    this.deadLetters.push(message);
  }

  protected override countExclusive(lane: string, ordinal: number, isProcessing: boolean): void {
    this.log.push(`${isProcessing ? 'count' : 'uncount'} ${lane} ${ordinal}`);
  }

  protected override pause(lane: string): void {
    this.paused.push(lane);
  }

  protected override resume(lane: string): void {
    this.paused.splice(this.paused.indexOf(lane), 1);
  }

  protected override async leave(): Promise<void> {
    this.log.push('leave');
    if (this.failures.leave !== undefined) throw this.failures.leave;
  }

  protected async release(): Promise<void> {
    this.log.push('release');
  }
}
