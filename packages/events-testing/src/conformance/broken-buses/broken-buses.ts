import type { BrokenBus } from './broken-bus.js';
import { withBrokenBrokers } from './with-broken-brokers.js';
import { withBrokenConsumers } from './with-broken-consumers.js';
import { withBrokenDeadLetters } from './with-broken-dead-letters.js';
import { withBrokenLanes } from './with-broken-lanes.js';
import { withBrokenProducers } from './with-broken-producers.js';
import { withBrokenTopicStores } from './with-broken-topic-stores.js';

/** Buses that are wrong on purpose: the proof that the suite would notice. Every test of it is needed by one of them. */
export function brokenBuses(): readonly BrokenBus[] {
  return [
    ...withBrokenProducers(),
    ...withBrokenConsumers(),
    ...withBrokenDeadLetters(),
    ...withBrokenBrokers(),
    ...withBrokenTopicStores(),
    ...withBrokenLanes(),
  ];
}
