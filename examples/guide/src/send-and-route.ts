import { COURSE_ENROLLMENT_CREATED } from '@openedx-ts/events-catalog/learning/course-enrollment-created';
import { loadCatalogSignal } from '@openedx-ts/events-catalog/loader';
import {
  createMetadata,
  eventBusSettings,
  type StartedEventBus,
  startEventBus,
} from '@openedx-ts/events-core';

/** A row of the enrolment table of some service. */
export interface EnrollmentRow {
  readonly userId: number;
  readonly username: string;
  readonly email: string;
  readonly courseKey: string;
  readonly createdAt: Date;
}

// #region send
export async function enroll(row: EnrollmentRow): Promise<void> {
  const results = await COURSE_ENROLLMENT_CREATED.sendEvent(enrollmentOf(row), { time: row.createdAt });
  for (const result of results) {
    if (result.status === 'rejected') console.error(result.receiver, result.reason);
  }
}
// #endregion send

// #region start
export async function start(): Promise<StartedEventBus> {
  const settings = eventBusSettings(process.env);
  return startEventBus({ ...settings, loadSignal: loadCatalogSignal });
}
// #endregion start

// #region producer
export async function enrollAndWait(bus: StartedEventBus, row: EnrollmentRow): Promise<string | undefined> {
  const { eventType } = COURSE_ENROLLMENT_CREATED;
  const receipt = await bus.producer?.send({
    signal: COURSE_ENROLLMENT_CREATED,
    topic: 'learning-course-enrollment-lifecycle',
    eventKeyField: 'enrollment.course.course_key',
    data: enrollmentOf(row),
    metadata: createMetadata({ eventType, time: row.createdAt }),
  });
  return receipt?.position;
}
// #endregion producer

// #region data
/** The data of the event about a row. */
export function enrollmentOf(row: EnrollmentRow) {
  return {
    enrollment: {
      user: { id: row.userId, is_active: true, pii: { username: row.username, email: row.email } },
      course: { course_key: row.courseKey },
      mode: 'audit',
      is_active: true,
      creation_date: row.createdAt,
    },
  };
}
// #endregion data
