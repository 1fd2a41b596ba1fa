import { freePort, kafkaOrReason } from '@openedx-ts/brokers';
import { describeBus } from '@openedx-ts/events-testing/conformance';
import * as vitest from 'vitest';
import { kafkaHarness } from './kafka-harness.js';
import { refusingKafka } from './kafka-target.js';

/** After SIGKILL the controller waits for the session of the dead broker to end before it takes the new one. */
const config = ['broker.session.timeout.ms=1000', 'broker.heartbeat.interval.ms=200'];
const producerPort = await freePort();
const kafka = await kafkaOrReason({ config, advertised: { host: '127.0.0.1', port: producerPort } });

vitest.describe.skipIf(kafka.reason !== undefined)(kafka.titled('on a real Kafka'), () => {
  describeBus(
    kafkaHarness(async () => refusingKafka(await kafka.start(), producerPort)),
    vitest,
  );
});
