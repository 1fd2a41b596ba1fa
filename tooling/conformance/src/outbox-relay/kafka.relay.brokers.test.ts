import { type KafkaServer, kafkaOrReason, makeTopics } from '@openedx-ts/brokers';
import { type Admin, Kafka, logLevel } from 'kafkajs';
import { describe } from 'vitest';
import { kafkaHarness } from '../kafka-harness.js';
import { singleKafka } from '../kafka-target.js';
import { describeRelay } from './describe-relay.test-support.js';

/** After SIGKILL the controller waits for the session of the dead broker to end before it takes the new one. */
const config = ['broker.session.timeout.ms=1000', 'broker.heartbeat.interval.ms=200'];
const kafka = await kafkaOrReason({ config, autoCreateTopics: false });

const isDirect = { missing: 'its producers are connected to the broker directly' };
const directly = { refusal: isDirect, laneOutage: isDirect };

describe.skipIf(kafka.reason !== undefined)(kafka.titled('on a real Kafka'), () => {
  let server: KafkaServer;
  const bus = kafkaHarness(
    async () => {
      server = await kafka.start();
      return singleKafka(server);
    },
    { lacks: directly },
  );
  const withAdmin = async (use: (admin: Admin) => Promise<unknown>) => {
    const admin = new Kafka({ brokers: [server.bootstrapServers], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    await use(admin);
    await admin.disconnect();
  };
  describeRelay({
    bus,
    // The broker refuses what is sent to a topic that does not exist.
    denial: (topic) => ({
      stop: () => withAdmin((admin) => admin.deleteTopics({ topics: [topic] })),
      start: () => withAdmin((admin) => makeTopics(admin, [{ topic, numPartitions: 2 }])),
    }),
    tooLarge: 1_100_000,
  });
});
