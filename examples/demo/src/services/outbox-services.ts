import type { Environment } from '@openedx-ts/events-core';
import type { EnrollmentReply } from '@openedx-ts/example-enrollment-service';
import type { Outage } from '../broker/outage.js';
import type { Tally } from '../tally.js';
import { request } from './http-client.js';
import type { Step } from './plan.js';
import { sendSteps } from './send-steps.js';

/** What the outbox was put through. */
export interface OutboxFacts {
  /** Enrolments that failed after their event was sent. */
  readonly failed: number;
  /** Events of committed enrolments that had not arrived when the broker was started again; undefined without an outage. */
  readonly waited: number | undefined;
}

/** The settings of enrollment-service with an outbox: a database inside its process, and a course without places. */
export function withOutbox(env: Environment): Environment {
  return {
    ...env,
    DATABASE_URL: undefined,
    EVENT_BUS_PRODUCER_MODE: 'outbox',
    COURSE_PLACES: JSON.stringify({ [fullCourse]: 0 }),
  };
}

/**
 * Lets enrollment-service do all steps: a third of them before the broker is stopped, a third while it is stopped, and the
 * rest after it was started again. One enrolment for each ten of them fails. Returns early when the signal fires.
 */
export async function sendThroughOutage(
  enrollmentUrl: string,
  steps: readonly Step[],
  {
    tally,
    outage,
    abortSignal,
  }: { readonly tally: Tally; readonly outage: Outage | undefined; readonly abortSignal: AbortSignal },
): Promise<OutboxFacts> {
  const third = Math.ceil(steps.length / 3);
  let failed = 0;
  const send = async (part: readonly Step[]) => {
    const failing = part.filter((_, index) => index % 10 === 0);
    const [count] = await Promise.all([
      failEnrollments(enrollmentUrl, failing, abortSignal),
      sendSteps(enrollmentUrl, part, abortSignal),
    ]);
    failed += count;
  };

  await send(steps.slice(0, third));
  let waited: number | undefined;
  await outage?.stop();
  try {
    await send(steps.slice(third, 2 * third));
    if (outage !== undefined) waited = tally.sent - tally.delivered;
  } finally {
    await outage?.start();
  }
  await send(steps.slice(2 * third));
  return { failed, waited };
}

async function failEnrollments(
  enrollmentUrl: string,
  steps: readonly Step[],
  abortSignal: AbortSignal,
): Promise<number> {
  let failed = 0;
  for (const { learner } of steps) {
    if (abortSignal.aborted) break;
    const body = { ...learner, course_key: fullCourse };
    await request<EnrollmentReply>('POST', `${enrollmentUrl}/enrollments`, 409, body);
    failed += 1;
  }
  return failed;
}

const fullCourse = 'course-v1:edX+FullX+2026';
