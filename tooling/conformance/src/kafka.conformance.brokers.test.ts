import { kafkaOrReason } from '@openedx-ts/brokers';
import { describeBus } from '@openedx-ts/events-testing/conformance';
import { describe } from 'vitest';
import { kafkaHarness } from './kafka-harness.js';

const kafka = await kafkaOrReason({ config: ['group.min.session.timeout.ms=1000'] });

describe.skipIf(kafka.reason !== undefined)(kafka.titled('on a real Kafka'), () => {
  describeBus(kafkaHarness(() => kafka.start()));
});
