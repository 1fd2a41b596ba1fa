export { assertDeadLettered, assertPublished, assertReceived } from './assert-events.js';
export { type EventFactory, type EventFactoryOptions, eventFactory } from './event-factory.js';
export { EventNotReceivedError } from './event-not-received-error.js';
export type { Fault, FaultPlan } from './fault-plan.js';
export { type FaultyProducer, faultyProducer } from './faulty-producer.js';
export { type IsolatedSignals, type IsolateOptions, isolateSignals } from './isolate-signals.js';
export { NoSampleError } from './no-sample-error.js';
export type { PartialData, PartialValue } from './partial-data.js';
export {
  type DeadLetteredEvent,
  deadLetteredEvents,
  type PublishedEvent,
  publishedEvents,
} from './published-events.js';
export { type EventRecorder, recordEvents, type WaitOptions } from './record-events.js';
export { sampleOf } from './sample-of.js';
export { seededRandom } from './seeded-random.js';
