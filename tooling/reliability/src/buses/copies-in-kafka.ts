import { Kafka, logLevel } from 'kafkajs';

/** Counts how many times too often events lie in a topic: records with the id of an event before them. */
export async function copiesInKafka(bootstrapServers: string, topic: string): Promise<number> {
  const retry = { initialRetryTime: 50, retries: 20, maxRetryTime: 500 };
  const kafka = new Kafka({ brokers: [bootstrapServers], logLevel: logLevel.NOTHING, retry });
  const ends = await endsOf(kafka, topic);
  const places = new Set<string>();
  const ids = new Set<string>();
  let copies = 0;
  const consumer = kafka.consumer({ groupId: `copies-of-${topic}`, maxWaitTimeInMs: 100 });
  await consumer.connect();
  try {
    await consumer.subscribe({ topic, fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      if (ends.size === 0) resolve();
      consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
      const run = consumer.run({
        eachBatch: async ({ batch, resolveOffset, heartbeat }) => {
          for (const { offset, headers } of batch.messages) {
            const place = `${batch.partition}:${offset}`;
            const id = String(headers?.ce_id);
            if (!places.has(place) && ids.has(id)) copies += 1;
            places.add(place);
            ids.add(id);
            resolveOffset(offset);
          }
          if (Number(batch.lastOffset()) + 1 >= (ends.get(batch.partition) ?? 0))
            ends.delete(batch.partition);
          if (ends.size === 0) resolve();
          await heartbeat();
        },
      });
      run.catch(reject);
    });
  } finally {
    await consumer.disconnect();
  }
  return copies;
}

/** The offsets behind the last records, by partition, of those that are not empty. */
async function endsOf(kafka: Kafka, topic: string): Promise<Map<number, number>> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const offsets = await admin.fetchTopicOffsets(topic);
    const filled = offsets.filter(({ high, low }) => Number(high) > Number(low));
    return new Map(filled.map(({ partition, high }) => [partition, Number(high)]));
  } finally {
    await admin.disconnect();
  }
}
