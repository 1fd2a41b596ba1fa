import { COURSE_ENROLLMENT_CREATED } from '@openedx-ts/events-catalog/learning/course-enrollment-created';
import { createMetadata, type Producer } from '@openedx-ts/events-core';
import { runtime } from '@openedx-ts/events-core/bus';

/** The topic of the traffic, without prefix. */
export const TRAFFIC_TOPIC = 'learning-course-enrollment-lifecycle';

/**
 * Sends made-up enrolments of the catalogue at a rate until the signal fires.
 *
 * @param ratePerSecond events a second
 * @throws ProduceFailedError, InfrastructureError when the bus does not accept an event
 */
export async function sendTraffic(
  producer: Producer,
  ratePerSecond: number,
  abortSignal: AbortSignal,
): Promise<void> {
  const { clock } = runtime();
  for (let index = 0; !abortSignal.aborted; index += 1) {
    await producer.send({
      signal: COURSE_ENROLLMENT_CREATED,
      topic: TRAFFIC_TOPIC,
      eventKeyField: 'enrollment.course.course_key',
      metadata: createMetadata({ eventType: COURSE_ENROLLMENT_CREATED.eventType }),
      data: { enrollment: enrolment(index) },
    });
    await clock.sleep(1_000 / ratePerSecond, abortSignal);
  }
}

function enrolment(index: number) {
  const name = NAMES[index % NAMES.length] as string;
  const username = name.toLowerCase().replace(' ', '.');
  const [courseKey, title] = COURSES[index % COURSES.length] as (typeof COURSES)[number];
  return {
    user: { id: index + 1, is_active: true, pii: { username, email: `${username}@example.org`, name } },
    course: { course_key: courseKey, display_name: title, start: null, end: null },
    mode: index % 4 === 0 ? 'verified' : 'audit',
    is_active: true,
    creation_date: new Date(runtime().clock.now()),
    created_by: null,
  };
}

const NAMES = ['Ada Lovelace', 'Grace Hopper', 'Alan Turing', 'Katherine Johnson', 'Edsger Dijkstra'];

const COURSES = [
  ['course-v1:edX+DemoX.1+2014', 'Demonstration Course'],
  ['course-v1:edX+Circuits+2026', 'Circuits and Electronics'],
  ['course-v1:edX+Computing+2026', 'Introduction to Computer Science'],
] as const;
