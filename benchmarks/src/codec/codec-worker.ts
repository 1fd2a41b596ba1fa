import { XBLOCK_PUBLISHED } from '@openedx-ts/events-catalog/content-authoring/xblock-published';
import { COURSE_ENROLLMENT_CREATED } from '@openedx-ts/events-catalog/learning/course-enrollment-created';
import type { OpenEdxPublicSignal } from '@openedx-ts/events-core';
import { sampleEnrollment, sampleXBlock } from '../sample-event.js';
import { codecSubjects } from './codec-subjects.js';

/** What the parent asks for: how often to do what with which event. */
export interface CodecTask {
  readonly event: 'enrollment' | 'xblock';
  readonly subject: string;
  readonly times: number;
}

// Encodes and decodes in a process of its own. With the argument `clients` everything is loaded first that a service
// could load: what other packages define may change how V8 compiles ours.
if (process.argv[2] === 'clients') {
  await import('ioredis');
  await import('kafkajs');
  await import('@openedx-ts/event-bus-kafka');
  await import('@openedx-ts/event-bus-memory');
  await import('@openedx-ts/event-bus-redis');
}
const events = {
  enrollment: await codecSubjects(erased(COURSE_ENROLLMENT_CREATED), sampleEnrollment),
  xblock: await codecSubjects(erased(XBLOCK_PUBLISHED), sampleXBlock),
};

process.on('message', ({ event, subject, times }: CodecTask) => {
  const chosen = events[event].subjects.find(({ name }) => name === subject);
  if (chosen === undefined) throw new Error(`There is no subject ${subject}.`);
  chosen.run(times);
  process.send?.('done');
});
process.once('disconnect', () => process.exit());
process.send?.({ enrollment: events.enrollment.bytes, xblock: events.xblock.bytes });

/** Benchmarks do not care which fields a signal has. */
function erased(signal: unknown): OpenEdxPublicSignal {
  return signal as OpenEdxPublicSignal;
}
