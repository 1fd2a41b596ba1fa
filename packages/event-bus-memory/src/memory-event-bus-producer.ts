import { avroCodec, confluentWireFormat } from '@openedx-ts/events-avro';
import type { ProducerOptions } from '@openedx-ts/events-core';
import { ProduceFailedError } from '@openedx-ts/events-core';
import {
  EventBusProducer,
  FailedKeys,
  type Message,
  type PublishOutcome,
  producerOptionRules,
  resolveOptions,
  type WireFormat,
} from '@openedx-ts/events-core/bus';
import { defaultMemoryBroker, type MemoryBroker } from './memory-broker.js';

/** Publishes to a `MemoryBroker`. */
export class MemoryEventBusProducer extends EventBusProducer {
  readonly #broker: MemoryBroker;

  /**
   * @param options `broker` defaults to the one that all of this process share, `wireFormat` to that of the Kafka peers
   * @throws InvalidOptionsError
   */
  constructor({
    broker = defaultMemoryBroker(),
    wireFormat = confluentWireFormat(broker.schemas),
    ...given
  }: ProducerOptions & { readonly broker?: MemoryBroker; readonly wireFormat?: WireFormat } = {}) {
    const options = resolveOptions('memory producer', given, producerOptionRules);
    super({ codec: options.codec ?? avroCodec(), wireFormat, options, system: 'memory' });
    this.#broker = broker;
  }

  protected async publish(messages: readonly Message[]): Promise<readonly PublishOutcome[]> {
    const failed = new FailedKeys();
    return messages.map((message) => {
      if (failed.has(message)) return { notAttempted: true };
      try {
        return { position: this.#broker.append(message) };
      } catch (error) {
        if (!(error instanceof ProduceFailedError)) throw error;
        failed.add(message); // other keys go on
        return { error };
      }
    });
  }

  protected async release(): Promise<void> {}
}
