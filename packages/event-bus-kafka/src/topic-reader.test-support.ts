import { InfrastructureError } from '@openedx-ts/events-core';
import type { Delivery, Message } from '@openedx-ts/events-core/bus';
import { KafkaEventBusConsumer } from './kafka-event-bus-consumer.js';

/** A message, and where it lies. */
export interface FoundMessage extends Message {
  readonly partition: number;
  readonly offset: number;
}

let readers = 0;

/** Reads at least so many messages of a topic, each with its place; kafkajs' own consumer does not keep the order of headers. */
export async function readTopic(
  bootstrapServers: string,
  topic: string,
  count: number,
): Promise<readonly FoundMessage[]> {
  readers += 1;
  const reader = new TopicReader({
    bootstrapServers,
    schemaRegistry: { register: () => 1, schemaById: () => undefined },
    topics: [topic],
    groupId: `reader-${process.pid}-${readers}`,
    startFrom: 'earliest',
    maxWaitMs: 50,
  });
  return reader.read(count);
}

class TopicReader extends KafkaEventBusConsumer {
  async read(count: number): Promise<readonly FoundMessage[]> {
    const stopping = new AbortController();
    const found: FoundMessage[] = [];
    while (found.length < count) {
      try {
        for await (const batch of this.receive(stopping.signal)) {
          found.push(...batch.map(foundAt));
          for (const { lane, ordinal } of batch) await this.acknowledge(lane, [ordinal]); // makes room for more
          if (found.length >= count) break;
        }
      } catch (error) {
        if (!(error instanceof InfrastructureError)) throw error;
      }
    }
    stopping.abort();
    await this.leave();
    await this.close();
    return found.sort((a, b) => a.partition - b.partition || a.offset - b.offset);
  }
}

function foundAt({ message, position }: Delivery): FoundMessage {
  const [partition, offset] = position.split(':').map(Number) as [number, number];
  return { ...message, partition, offset };
}
