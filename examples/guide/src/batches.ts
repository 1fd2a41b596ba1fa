// #region batches
import { COURSE_ENROLLMENT_CREATED } from '@openedx-ts/events-catalog/learning/course-enrollment-created';
import { batchReceiver, type StartedEventBus } from '@openedx-ts/events-core';

/** A table to which rows are added. */
export interface Enrolments {
  /** Adds rows in one statement; one that is there already is left as it is. */
  insert(rows: readonly { readonly id: string; readonly course: string }[]): Promise<void>;
}

export function connectEnrolments(enrolments: Enrolments): Disposable {
  return COURSE_ENROLLMENT_CREATED.connect(
    batchReceiver(
      (events) =>
        enrolments.insert(
          events.map(({ metadata, data }) => ({
            id: metadata.id,
            course: data.enrollment.course.course_key.toString(),
          })),
        ),
      { maxSize: 500, maxWaitMs: 100 },
    ),
    { name: 'insert-enrolments' },
  );
}

export async function consumeInBatches(bus: StartedEventBus, abortSignal: AbortSignal): Promise<void> {
  const consumer = await bus.createConsumer({
    topics: ['learning-course-enrollment-lifecycle'],
    groupId: 'enrolments',
    concurrency: 500, // at least maxSize: only events in flight come together
  });
  await consumer.run({ abortSignal });
}
// #endregion batches
