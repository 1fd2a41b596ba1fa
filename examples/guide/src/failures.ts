import { COURSE_ENROLLMENT_CREATED } from '@openedx-ts/events-catalog/learning/course-enrollment-created';
import {
  DeadLetterEventError,
  DropEventError,
  FatalReceiverError,
  InfrastructureError,
  RetryEventError,
  type StartedEventBus,
} from '@openedx-ts/events-core';

/** A mailing list with an HTTP interface. */
export interface MailingList {
  readonly courses: ReadonlySet<string>;
  subscribe(email: string, options: { readonly signal: AbortSignal | undefined }): Promise<Answer>;
}

export interface Answer {
  readonly status: number;
  readonly retryAfterMs?: number;
}

// #region decide
export function connectMailingList(list: MailingList): Disposable {
  return COURSE_ENROLLMENT_CREATED.connect(
    async ({ data, delivery }) => {
      const { user, course } = data.enrollment;
      if (!list.courses.has(course.course_key.toString()))
        throw new DropEventError('the mailing list has no such course');

      const signal = delivery?.abortSignal;
      const { status, retryAfterMs = 1_000 } = await list.subscribe(user.pii.email, { signal });
      if (status === 429) throw new RetryEventError('too many requests', { retryAfterMs });
      if (status === 422) throw new DeadLetterEventError('the mailing list refuses this address');
      if (status === 401) throw new FatalReceiverError('the mailing list refuses our key');
      if (status >= 500) throw new InfrastructureError('the mailing list is down');
    },
    { name: 'mailing-list', policy: { receiverTimeoutMs: 10_000, maxAttempts: 8 } },
  );
}
// #endregion decide

// #region policies
export async function consumeAtOnce(bus: StartedEventBus, abortSignal: AbortSignal): Promise<void> {
  const consumer = await bus.createConsumer({
    topics: ['learning-course-enrollment-lifecycle'],
    groupId: 'mailing',
    concurrency: 20,
    maxAttempts: 3,
    policies: { [COURSE_ENROLLMENT_CREATED.eventType]: { initialBackoffMs: 20 } },
  });
  await consumer.run({ abortSignal });
}
// #endregion policies
