import { MemoryBroker, memoryEventBus } from '@openedx-ts/event-bus-memory';
import { COURSE_ENROLLMENT_CREATED } from '@openedx-ts/events-catalog/learning/course-enrollment-created';
import { isolateSignals, publishedEvents } from '@openedx-ts/events-testing';
import type { RunningService } from '@openedx-ts/example-http-service';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { callService } from './call-service.test-support.js';
import { startEnrollmentService } from './start-enrollment-service.js';

/** Tests the service with an outbox. @param databaseUrl its `DATABASE_URL` */
export function describeOutboxService(title: string, databaseUrl: () => string | undefined): void {
  describe(title, () => {
    const full = 'course-v1:edX+FullX+2026';
    const broker = new MemoryBroker();
    let signals: ReturnType<typeof isolateSignals>;
    let service: RunningService;
    beforeAll(async () => {
      signals = isolateSignals({ runtime: { dispatch: 'robust' } });
      const env = {
        PORT: '0',
        EVENT_BUS_PRODUCER_MODE: 'outbox',
        DATABASE_URL: databaseUrl(),
        COURSE_PLACES: JSON.stringify({ [full]: 1 }),
      };
      service = await startEnrollmentService({ bus: memoryEventBus(broker), env });
    }, 240_000);
    afterAll(async () => {
      await service.close();
      signals.restore();
    }, 240_000);

    const enroll = (username: string, course_key = 'course-v1:edX+DemoX+2026') =>
      callService(service.url, 'POST', '/enrollments', {
        ...{ username, email: `${username}@example.org`, course_key },
      });
    const published = async () =>
      (await publishedEvents(broker, COURSE_ENROLLMENT_CREATED)).map(
        ({ data }) => data.enrollment.user.pii.username,
      );

    it('publishes what it stores while the broker is unreachable, and nothing of an enrolment that fails', async () => {
      broker.stop();
      expect(await enroll('ann')).toMatchObject({
        status: 201,
        body: { receivers: [{ status: 'fulfilled' }] },
      });
      expect(await enroll('ann')).toMatchObject({
        status: 409,
        body: { error: { code: 'ALREADY_ENROLLED' } },
      });
      expect((await enroll('ben', full)).status).toBe(201);
      expect(await enroll('cem', full)).toMatchObject({
        status: 409,
        body: { error: { code: 'COURSE_FULL' } },
      });
      expect((await enroll('dee')).status).toBe(201);
      broker.start();
      await vi.waitFor(async () => expect((await published()).sort()).toEqual(['ann', 'ben', 'dee']), 15_000);
      expect(await callService(service.url, 'GET', '/enrollments')).toMatchObject({
        body: { enrollments: [{ username: 'ann' }, { username: 'ben' }, { username: 'dee' }] },
      });
    });

    it('removes an enrolment once', async () => {
      const path = '/enrollments/eve/course-v1:edX+DemoX+2026';
      await enroll('eve');
      expect(await callService(service.url, 'DELETE', path)).toMatchObject({
        status: 200,
        body: { enrollment: { username: 'eve', mode: 'audit' } },
      });
      expect((await callService(service.url, 'DELETE', path)).status).toBe(404);
    });
  });
}
