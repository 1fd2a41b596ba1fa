import { kafkaOrReason } from '@openedx-ts/brokers';
import { describeBus } from '@openedx-ts/events-testing/conformance';
import { describe } from 'vitest';
import { kafkaHarness } from './kafka-harness.js';

/** After SIGKILL the controller waits for the session of the dead broker to end before it takes the new one. */
const config = ['broker.session.timeout.ms=1000', 'broker.heartbeat.interval.ms=200'];
const kafka = await kafkaOrReason({ config });

describe.skipIf(kafka.reason !== undefined)(kafka.titled('on a real Kafka'), () => {
  describeBus(kafkaHarness(() => kafka.start()));
});
