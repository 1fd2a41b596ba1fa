import {
  type KafkaClientOptions,
  KafkaEventBusConsumer,
  KafkaEventBusProducer,
} from '@openedx-ts/event-bus-kafka';
import { COURSE_CREATED } from '@openedx-ts/events-catalog/content-authoring/course-created';
import { createMetadata } from '@openedx-ts/events-core';

// #region options
export const options: KafkaClientOptions = {
  bootstrapServers: ['kafka-1:9093', 'kafka-2:9093'],
  tls: true,
  sasl: { mechanism: 'scram-sha-512', username: 'search', password: process.env.KAFKA_PASSWORD ?? '' },
  schemaRegistry: { url: 'https://registry:8081' },
};
// #endregion options

// #region produce
export async function announce(kafka: KafkaClientOptions, courseKey: string): Promise<string> {
  await using producer = new KafkaEventBusProducer(kafka);
  const { position } = await producer.send({
    signal: COURSE_CREATED,
    topic: 'courses',
    eventKeyField: 'course.course_key',
    data: { course: { course_key: courseKey } },
    metadata: createMetadata({ eventType: COURSE_CREATED.eventType }),
  });
  return position; // such as 2:17, the partition and the offset
}
// #endregion produce

// #region consume
export async function index(kafka: KafkaClientOptions, abortSignal: AbortSignal): Promise<void> {
  COURSE_CREATED.connect(({ data }) => console.log(`${data.course.course_key} was created`), {
    name: 'index',
  });
  const consumer = new KafkaEventBusConsumer({ ...kafka, topics: ['courses'], groupId: 'search' });
  await consumer.run({ abortSignal });
}
// #endregion consume
