import { crc32 } from 'node:zlib';
import { MemoryBroker } from '@openedx-ts/event-bus-memory';
import { avroCodec, confluentWireFormat } from '@openedx-ts/events-avro';
import { ProduceFailedError, type ProducerOptions } from '@openedx-ts/events-core';
import {
  EventBusProducer,
  type Message,
  type PublishOutcome,
  producerOptionRules,
  resolveOptions,
} from '@openedx-ts/events-core/bus';
import type { BusHarness } from '../bus-harness.js';
import { memoryHarness } from '../memory-harness.js';

/** What is wrong with a bus of which one partition can be stopped; `nothing` for the proof that the test can pass. */
export type LaneFault = 'nothing' | 'one-lane' | 'overtakes';

/** A memory bus of which one partition can be stopped, as on a cluster that has lost the leader of one. */
export function lanedMemoryBus(fault: LaneFault): BusHarness {
  const partitions = 4;
  const broker = new MemoryBroker({ partitions });
  let stopped: string | undefined;
  const laneOf = ({ topic, key }: Message) => `${topic}:${crc32(key ?? new Uint8Array()) % partitions}`;
  return {
    ...memoryHarness({ broker }),
    laneOutage: {
      laneOf: (position) => position.split(':')[0] as string,
      stop: async (topic, lane) => {
        stopped = `${topic}:${lane}`;
      },
      start: async () => {
        stopped = undefined;
      },
    },
    createProducer: (options = {}) =>
      new LanedProducer(
        broker,
        { fault, laneOf, isStopped: (message) => laneOf(message) === stopped },
        options,
      ),
  };
}

interface Lanes {
  readonly fault: LaneFault;
  readonly laneOf: (message: Message) => string;
  readonly isStopped: (message: Message) => boolean;
}

class LanedProducer extends EventBusProducer {
  readonly #broker: MemoryBroker;
  readonly #lanes: Lanes;
  /** The lane whose next batch is stored without its first message. */
  #overtaken: string | undefined;

  constructor(broker: MemoryBroker, lanes: Lanes, given: ProducerOptions) {
    const wireFormat = confluentWireFormat(broker.schemas);
    const options = resolveOptions('laned producer', given, producerOptionRules);
    const { laneOf } = lanes;
    const ofLanes = lanes.fault === 'one-lane' ? {} : { laneOf };
    super({ codec: avroCodec(), wireFormat, options, system: 'memory', ...ofLanes });
    this.#broker = broker;
    this.#lanes = lanes;
  }

  protected async publish(messages: readonly Message[]): Promise<readonly PublishOutcome[]> {
    return messages.map((message, index) => {
      const lane = this.#lanes.laneOf(message);
      const isStopped = this.#lanes.isStopped(message);
      const isRefused = isStopped || (index === 0 && lane === this.#overtaken);
      if (isStopped && this.#lanes.fault === 'overtakes') this.#overtaken = lane;
      else if (isRefused) this.#overtaken = undefined;
      if (!isRefused) return { position: this.#broker.append(message) };
      return {
        error: new ProduceFailedError(message.topic, 'the partition is stopped', { retryable: true }),
      };
    });
  }

  protected async release(): Promise<void> {}
}
