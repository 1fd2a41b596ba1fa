import { Kafka, logLevel } from 'kafkajs';
import type { KafkaServer } from './kafka-server.js';

/** A client that logs nothing and retries for as long as a broker needs to restart. */
export function clientOf(server: Pick<KafkaServer, 'bootstrapServers'>): Kafka {
  const retry = { initialRetryTime: 50, retries: 20, maxRetryTime: 500 };
  return new Kafka({ brokers: server.bootstrapServers.split(','), logLevel: logLevel.NOTHING, retry });
}

/** Sends texts to a topic; resolves when the broker has them. */
export async function send(client: Kafka, topic: string, ...texts: string[]): Promise<void> {
  const producer = client.producer();
  await producer.connect();
  await producer.send({ topic, messages: texts.map((value) => ({ key: 'same', value })) });
  await producer.disconnect();
}

/** The first texts of a topic, as a new group reads them. */
export async function read(client: Kafka, topic: string, count: number): Promise<string[]> {
  const consumer = client.consumer({ groupId: `reader-${crypto.randomUUID()}` });
  const texts: string[] = [];
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await new Promise<void>((resolve, reject) => {
    const eachMessage = async ({ message }: { message: { value: Buffer | null } }) => {
      texts.push(String(message.value));
      if (texts.length === count) resolve();
    };
    consumer.run({ eachMessage }).catch(reject);
  });
  await consumer.disconnect();
  return texts;
}
