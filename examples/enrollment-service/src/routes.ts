import { courseKey } from '@openedx-ts/events-catalog/keys';
import { enumeration, record, string, withDefault } from '@openedx-ts/events-core';
import { type HttpApp, RequestError, text } from '@openedx-ts/example-http-service';
import { type EnrollmentJson, toJson } from './enrollment.js';
import { CourseFullError, type EnrollmentChange, type Enrollments } from './enrollments.js';

/** The response to an enrolment or unenrolment. */
export interface EnrollmentReply {
  readonly enrollment: EnrollmentJson;
  readonly receivers: readonly ReceiverReply[];
}

/** The result of one receiver of the event. */
export interface ReceiverReply {
  readonly receiver: string;
  readonly status: 'fulfilled' | 'rejected' | 'pending';
}

/** The HTTP API. Requests are checked with shapes, like events. */
export function addEnrollmentRoutes(app: HttpApp, enrollments: Enrollments): void {
  app.post('/enrollments', { schema: { body: EnrollmentRequest } }, async ({ body }, reply) => {
    const { course_key, ...learner } = body;
    const change = await enrollments.enroll({ ...learner, courseKey: course_key }).catch((error) => {
      if (!(error instanceof CourseFullError)) throw error;
      throw new RequestError(409, 'COURSE_FULL', 'the course has no place left');
    });
    if (change === undefined) {
      throw new RequestError(409, 'ALREADY_ENROLLED', 'the learner is enrolled in this course already');
    }
    return reply.code(201).send(replyOf(change));
  });

  app.delete(
    '/enrollments/:username/:course_key',
    { schema: { params: EnrollmentPath } },
    async ({ params }) => {
      const change = await enrollments.unenroll(params.username, params.course_key);
      if (change === undefined) {
        throw new RequestError(404, 'NOT_ENROLLED', 'the learner is not enrolled in this course');
      }
      return replyOf(change);
    },
  );

  app.get('/enrollments', async () => ({ enrollments: (await enrollments.list()).map(toJson) }));
}

const username = text('username', 150);
const mode = enumeration(['audit', 'honor', 'verified', 'professional', 'credit', 'masters']);

const EnrollmentRequest = record('EnrollmentRequest', {
  username,
  email: text('email', 254),
  name: withDefault(string(), ''),
  course_key: courseKey(),
  mode: withDefault(mode, 'audit'),
});

const EnrollmentPath = record('EnrollmentPath', { username, course_key: courseKey() });

function replyOf({ enrollment, results }: EnrollmentChange): EnrollmentReply {
  return {
    enrollment: toJson(enrollment),
    receivers: results.map(({ receiver, status }) => ({ receiver, status })),
  };
}
