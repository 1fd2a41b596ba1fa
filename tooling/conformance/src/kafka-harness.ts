import { eventBus, KafkaEventBusConsumer, KafkaEventBusProducer } from '@openedx-ts/event-bus-kafka';
import { MemoryBroker } from '@openedx-ts/event-bus-memory';
import { InfrastructureError } from '@openedx-ts/events-core';
import type { Delivery, Message } from '@openedx-ts/events-core/bus';
import type { BusHarness } from '@openedx-ts/events-testing/conformance';
import type { Admin } from 'kafkajs';
import type { KafkaTarget } from './kafka-target.js';

/** The default of brokers (`message.max.bytes`). */
const MAX_MESSAGE_BYTES = 1_048_588;

const capabilities: BusHarness['capabilities'] = {
  orderWithSeveralConsumers: true,
  startAtTime: true,
  startAtPosition: true,
  tombstones: true,
  repeatedHeaders: true,
  binaryHeaders: true,
  deliveryCounts: true,
  acknowledgementsAhead: true,
};

/** How a harness of the Kafka bus differs from that of one node. */
export interface KafkaHarnessOptions {
  /** Added to its name. */
  readonly on?: string;
  /** What its target cannot do, with the reason. */
  readonly lacks?: Pick<BusHarness, 'refusal' | 'laneOutage'>;
}

/** The harness of the Kafka bus. Sessions are short, so that a crashed member does not hold up the others for long. */
export function kafkaHarness(
  open: () => Promise<KafkaTarget>,
  { on = '', lacks = {} }: KafkaHarnessOptions = {},
): BusHarness {
  let target: KafkaTarget;
  let readers = 0;
  const { schemas: schemaRegistry } = new MemoryBroker();
  const client = () => ({
    bootstrapServers: target.bootstrapServers,
    schemaRegistry,
    requestTimeoutMs: 3_000,
  });
  return {
    name: `Kafka bus${on}`,
    capabilities,
    maxMessageBytes: MAX_MESSAGE_BYTES,
    timeoutMs: 40_000, // a broker that comes back takes its time on a busy machine
    open: async () => {
      target = await open();
    },
    close: async () => {
      await target[Symbol.asyncDispose]();
    },
    createTopic: (topic) => target.createTopic(topic),
    refusal: { stop: async () => target.refusal?.stop(), start: async () => target.refusal?.start() },
    laneOutage: {
      laneOf: (position) => position.split(':')[0] as string,
      stop: async (topic, lane) => target.laneOutage?.stop(topic, Number(lane)),
      start: async () => target.laneOutage?.start(),
    },
    ...lacks,
    createProducer: (options) => {
      const { bootstrapServers, producerServers = bootstrapServers } = target;
      const own = { ...client(), bootstrapServers: producerServers, maxMessageBytes: MAX_MESSAGE_BYTES };
      return new KafkaEventBusProducer({ ...own, ...options });
    },
    createConsumer: (options) =>
      new KafkaEventBusConsumer({
        ...client(),
        sessionTimeoutMs: 1_200,
        heartbeatIntervalMs: 100,
        maxWaitMs: 100,
        ...options,
      }),
    crashConsumer: (consumer) => (consumer as KafkaEventBusConsumer).crash(),
    createAdmin: () =>
      eventBus.createAdmin?.({
        EVENT_BUS_KAFKA_BOOTSTRAP_SERVERS: target.bootstrapServers,
        EVENT_BUS_KAFKA_SCHEMA_REGISTRY_URL: 'http://127.0.0.1:9', // messages travel as they are
      }),
    outage: { stop: () => target.kill(), start: () => target.start() },
    readTopic: async (topic) => {
      const count = await countMessages(target.admin, topic);
      if (count === 0) return [];
      readers += 1;
      const groupId = `reader-${readers}`;
      const startFrom = 'earliest';
      return new TopicReader({ ...client(), topics: [topic], groupId, startFrom, maxWaitMs: 100 }).read(
        count,
      );
    },
  };
}

/** Reads what a topic holds with the consumer's own eyes: kafkajs does not keep the order of headers. */
class TopicReader extends KafkaEventBusConsumer {
  async read(count: number): Promise<readonly Message[]> {
    const stopping = new AbortController();
    const deliveries: Delivery[] = [];
    while (deliveries.length < count) {
      try {
        for await (const batch of this.receive(stopping.signal)) {
          deliveries.push(...batch);
          for (const { lane, ordinal } of batch) await this.acknowledge(lane, [ordinal]);
          if (deliveries.length >= count) break;
        }
      } catch (error) {
        if (!(error instanceof InfrastructureError)) throw error; // else the broker is still starting
      }
    }
    stopping.abort();
    await this.leave();
    await this.close();
    const byLane = (a: Delivery, b: Delivery) => a.lane.localeCompare(b.lane) || a.ordinal - b.ordinal;
    return deliveries.sort(byLane).map(({ message }) => message);
  }
}

/** How many messages a topic holds; 0 when there is none of that name. */
async function countMessages(admin: Admin, topic: string): Promise<number> {
  if (!(await admin.listTopics()).includes(topic)) return 0;
  try {
    const ends = await admin.fetchTopicOffsets(topic);
    return ends.reduce((sum, { low, high }) => sum + Number(high) - Number(low), 0);
  } catch (error) {
    const { type, cause } = error as {
      readonly type?: unknown;
      readonly cause?: { readonly type?: unknown };
    };
    if (
      ['LEADER_NOT_AVAILABLE', 'NOT_LEADER_FOR_PARTITION', 'UNKNOWN_TOPIC_OR_PARTITION'].includes(
        String(type ?? cause?.type),
      )
    )
      return 0;
    throw error;
  }
}
