import { COURSE_ENROLLMENT_CREATED } from '@openedx-ts/events-catalog/learning/course-enrollment-created';
import { type Consumer, type ConsumerOptions, createMetadata, type Producer } from '@openedx-ts/events-core';
import { sampleEnrollment } from '../sample-event.js';
import type { LatencySubject, Load } from './latency.js';

/** What is asked of every bus, so that their tables can be read side by side. */
export const timing = { rounds: 9, roundMs: 500 };
export const load: Load = { rounds: 3, perSecond: 1_000, seconds: 2 };

/** Makes a consumer of a bus. */
export type NewConsumer = (options: ConsumerOptions) => Consumer;

/** Sends the sample event, and waits until the broker has it. */
export function send(producer: Producer, topic: string, id?: string): Promise<unknown> {
  const { eventType, minorVersion } = COURSE_ENROLLMENT_CREATED;
  return producer.send({
    signal: COURSE_ENROLLMENT_CREATED,
    topic,
    eventKeyField: 'enrollment.course.course_key',
    data: sampleEnrollment,
    metadata: createMetadata({ eventType, minorVersion, id }),
  });
}

/** From making a consumer with a new group to the last acknowledgement. */
export async function consume(newConsumer: NewConsumer, topic: string, times: number): Promise<void> {
  await using consumer = newConsumer({ topics: [topic], groupId: newGroup(), startFrom: 'earliest' });
  let left = times;
  using _receiver = COURSE_ENROLLMENT_CREATED.connect(() => {
    left -= 1;
    if (left === 0) consumer.stop();
  });
  await consumer.run();
}

/** From a producer to a receiver of a new group. */
export function busLatency(producer: Producer, newConsumer: NewConsumer): LatencySubject {
  return {
    name: 'this bus',
    send: (id) => send(producer, 'latency', id),
    listen: async (handled) => {
      const consumer = newConsumer({ topics: ['latency'], groupId: newGroup(), startFrom: 'resume' });
      const receiver = COURSE_ENROLLMENT_CREATED.connect(({ metadata }) => handled(metadata.id));
      const running = consumer.run();
      await consumer.ready;
      return {
        [Symbol.asyncDispose]: async () => {
          await consumer.close();
          await running;
          receiver.disconnect();
        },
      };
    },
  };
}

let groups = 0;

function newGroup(): string {
  groups += 1;
  return `bench-${groups}`;
}
