import type { EnrollmentReply } from '@openedx-ts/example-enrollment-service';
import { request } from './http-client.js';
import type { Step } from './plan.js';

/**
 * Asks enrollment-service to do all steps: the courses side by side, the steps of one course one after the other.
 * Returns early when the signal fires.
 */
export async function sendSteps(
  enrollmentUrl: string,
  steps: readonly Step[],
  abortSignal: AbortSignal,
): Promise<void> {
  const courses = new Map<string, Step[]>();
  for (const step of steps) {
    const ofCourse = courses.get(step.courseKey);
    if (ofCourse === undefined) courses.set(step.courseKey, [step]);
    else ofCourse.push(step);
  }
  await Promise.all(
    Array.from(courses.values(), async (ofCourse) => {
      for (const step of ofCourse) {
        if (abortSignal.aborted) return;
        await sendStep(enrollmentUrl, step);
      }
    }),
  );
}

async function sendStep(enrollmentUrl: string, { action, learner, courseKey }: Step): Promise<void> {
  const url = `${enrollmentUrl}/enrollments`;
  if (action === 'enroll') {
    await request<EnrollmentReply>('POST', url, 201, { ...learner, course_key: courseKey });
    return;
  }
  const place = [learner.username, courseKey].map(encodeURIComponent).join('/');
  await request<EnrollmentReply>('DELETE', `${url}/${place}`, 200);
}
