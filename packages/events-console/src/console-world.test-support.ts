import { MemoryBroker, MemoryEventBusAdmin, MemoryEventBusProducer } from '@openedx-ts/event-bus-memory';
import { COURSE_ENROLLMENT_CREATED } from '@openedx-ts/events-catalog/learning/course-enrollment-created';
import { COURSE_PASSING_STATUS_UPDATED } from '@openedx-ts/events-catalog/learning/course-passing-status-updated';
import { loadCatalogSignal } from '@openedx-ts/events-catalog/loader';
import { createMetadata } from '@openedx-ts/events-core';
import { toDeadLetter } from '@openedx-ts/events-core/bus';

/** Values that are declared as personal data; no answer may hold one of them unless it was allowed to. */
export const PERSONAL = ['ada.lovelace', 'ada@example.org', 'Ada Lovelace'] as const;

/** A memory bus with learners, two groups that are behind, and dead letters. */
export async function consoleWorld({ partitions = 2 } = {}) {
  const broker = new MemoryBroker({ partitions });
  const producer = new MemoryEventBusProducer({ broker });
  const admin = new MemoryEventBusAdmin(broker);
  let learners = 0;

  /** Enrols learners; the first is Ada. */
  const enrol = async (count: number, changes: { readonly displayName?: string } = {}) => {
    const ids: string[] = [];
    for (let index = 0; index < count; index += 1) {
      const { data, user, metadata } = enrolment(learners, changes.displayName);
      learners += 1;
      const sent = { data, metadata, topic: 'learning-course-enrollment-lifecycle' };
      await producer.send({
        ...sent,
        signal: COURSE_ENROLLMENT_CREATED,
        eventKeyField: 'enrollment.course.course_key',
      });
      ids.push(metadata.id);
      if (learners % 3 !== 0) continue;
      await producer.send({
        signal: COURSE_PASSING_STATUS_UPDATED,
        topic: 'learning-course-passing-status',
        eventKeyField: 'course_passing_status.course.course_key',
        metadata: createMetadata({ eventType: COURSE_PASSING_STATUS_UPDATED.eventType }),
        data: { course_passing_status: { is_passing: true, course: data.enrollment.course, user } },
      });
    }
    return ids;
  };

  /** Dead-letters the last events of the enrolments. */
  const bury = (
    count: number,
    { group = 'certificates', code = 'RECEIVER_FAILED', message = 'TypeError: no seat 42' } = {},
  ) => {
    const messages = broker.messages('learning-course-enrollment-lifecycle').slice(-count);
    for (const { topic, key, value, headers, partition, offset } of messages)
      broker.append(
        toDeadLetter(
          { topic, key, value, headers },
          {
            ...{ code, message, attempts: 3, groupId: group },
            firstFailure: new Date('2026-01-02T03:04:05Z'),
            lastFailure: new Date('2026-01-02T03:04:06Z'),
            source: `${topic}@${partition}:${offset}`,
          },
        ),
      );
  };

  /** Makes a group that has handled everything but the last `behind` of each lane. */
  const group = async (topic: string, groupId: string, behind: number) => {
    const last = new Map<number, number>();
    for (const { partition, offset } of broker.messages(topic)) last.set(partition, offset);
    const positions = [...last].map(
      ([partition, offset]) => `${partition}:${Math.max(0, offset + 1 - behind)}`,
    );
    await admin.topics.moveGroup(topic, groupId, positions);
  };

  return { broker, producer, admin, enrol, bury, group, loadSignal: loadCatalogSignal };
}

const NAMES = [
  'Ada Lovelace',
  'Grace Hopper',
  'Alan Turing',
  'Katherine Johnson',
  'Edsger Dijkstra',
  'Barbara Liskov',
];
const COURSES = [
  ['course-v1:edX+DemoX.1+2014', 'Demonstration Course'],
  ['course-v1:MITx+6.002x+2026_T1', 'Circuits and Electronics'],
  ['course-v1:HarvardX+CS50+X', 'Introduction to Computer Science'],
] as const;

function enrolment(index: number, displayName?: string) {
  const name = NAMES[index % NAMES.length] as string;
  const username = name.toLowerCase().replace(' ', '.');
  const email = `${username.split('.')[0]}@example.org`;
  const [courseKey, title] = COURSES[index % COURSES.length] as (typeof COURSES)[number];
  const user = { id: 1_000 + index, is_active: true, pii: { username, email, name } };
  const course = { course_key: courseKey, display_name: displayName ?? title, start: null, end: null };
  const mode = index % 4 === 0 ? 'verified' : 'audit';
  const enrollment = {
    user,
    course,
    mode,
    is_active: true,
    creation_date: '2026-01-02T03:04:05+00:00',
    created_by: null,
  };
  const eventType = COURSE_ENROLLMENT_CREATED.eventType;
  const trace = { traceparent: `00-${String(index).padStart(32, '4')}-00f067aa0ba902b7-01` };
  return {
    data: { enrollment },
    user,
    metadata: createMetadata({ eventType, source: 'openedx/lms/web', trace }),
  };
}
