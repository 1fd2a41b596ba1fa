import { type Deferred, deferred } from '../runtime/deferred.js';
import { resolveOptions } from '../runtime/resolve-options.js';
import type { EventCodec } from '../wire/codec.js';
import { jsonCodec, plainWireFormat } from '../wire/json-codec.test-support.js';
import type { Message } from '../wire/message.js';
import type { WireFormat } from '../wire/wire-format.js';
import { EventBusProducer } from './event-bus-producer.js';
import {
  type ProducerOptions,
  producerOptionRules,
  type ResolvedProducerOptions,
} from './producer-options.js';
import type { PublishOutcome } from './publish-outcome.js';

/** One call of `publish`, and the way to answer it. */
export interface PublishCall extends Deferred<readonly PublishOutcome[]> {
  readonly messages: readonly Message[];
  /** The values of the messages as text. */
  readonly values: readonly string[];
  readonly abortSignal: AbortSignal;
}

/** A producer whose broker is the test. Without `answer` each publish waits to be answered. */
export class FakeEventBusProducer extends EventBusProducer {
  readonly calls: PublishCall[] = [];
  releases = 0;
  readonly #answer: ((call: PublishCall, index: number) => readonly PublishOutcome[]) | undefined;

  constructor(
    parts: {
      readonly answer?: (call: PublishCall, index: number) => readonly PublishOutcome[];
      readonly codec?: EventCodec;
      readonly wireFormat?: WireFormat;
      readonly options?: Omit<ProducerOptions, 'codec'>;
    } = {},
  ) {
    const { codec = jsonCodec, wireFormat = plainWireFormat, options = {} } = parts;
    super({
      codec,
      wireFormat,
      options: resolveOptions<ResolvedProducerOptions>('fake producer', options, producerOptionRules),
    });
    this.#answer = parts.answer;
  }

  protected publish(
    messages: readonly Message[],
    abortSignal: AbortSignal,
  ): Promise<readonly PublishOutcome[]> {
    const values = messages.map(({ value }) => Buffer.from(value ?? []).toString());
    const call: PublishCall = { messages, values, abortSignal, ...deferred<readonly PublishOutcome[]>() };
    this.calls.push(call);
    const answer = this.#answer;
    if (answer === undefined) return call.promise;
    const index = this.calls.length - 1;
    return Promise.resolve().then(() => answer(call, index));
  }

  protected async release(): Promise<void> {
    this.releases += 1;
  }
}

/** Accepts every message, with positions that count from 0 in each call. */
export const acceptAll = ({ messages }: PublishCall): readonly PublishOutcome[] =>
  messages.map((_, index) => ({ position: `0:${index}` }));
