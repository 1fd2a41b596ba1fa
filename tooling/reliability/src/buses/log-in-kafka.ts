import { Kafka, logLevel } from 'kafkajs';

/** The ids of the events that lie in a topic, by position: `<partition>:<offset>`. */
export async function logInKafka(
  bootstrapServers: string,
  topic: string,
): Promise<ReadonlyMap<string, string>> {
  const retry = { initialRetryTime: 50, retries: 20, maxRetryTime: 500 };
  const kafka = new Kafka({ brokers: bootstrapServers.split(','), logLevel: logLevel.NOTHING, retry });
  const ends = await endsOf(kafka, topic);
  const log = new Map<string, string>();
  const consumer = kafka.consumer({ groupId: `log-of-${topic}`, maxWaitTimeInMs: 100 });
  await consumer.connect();
  try {
    await consumer.subscribe({ topic, fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      if (ends.size === 0) resolve();
      consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
      const run = consumer.run({
        eachBatch: async ({ batch, resolveOffset, heartbeat }) => {
          for (const { offset, headers } of batch.messages) {
            log.set(`${batch.partition}:${offset}`, String(headers?.ce_id));
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
  return log;
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
