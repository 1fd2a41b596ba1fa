import { COURSE_CREATED } from '@openedx-ts/events-catalog/content-authoring/course-created';
import { isolateSignals } from '@openedx-ts/events-testing';
import { expect, it, vi } from 'vitest';
import { startService } from './service.js';

it('a service answers the probes, receives an event, and stops gracefully', async () => {
  using _signals = isolateSignals();
  const log = vi.spyOn(console, 'log').mockReturnValue();
  const routes = {
    [COURSE_CREATED.eventType]: { courses: { event_key_field: 'course.course_key', enabled: true } },
  };
  const env = {
    EVENT_BUS: 'memory',
    EVENT_BUS_PRODUCER_CONFIG: JSON.stringify(routes),
    PORT: '0',
    HOST: '127.0.0.1',
  };
  const service = await startService(env);
  const statusOf = async (path: string) => (await fetch(`http://127.0.0.1:${service.port}${path}`)).status;
  await vi.waitFor(async () => expect(await statusOf('/readyz')).toBe(200));
  expect(await statusOf('/livez')).toBe(200);
  await COURSE_CREATED.sendEvent({ course: { course_key: 'course-v1:edX+DemoX+2026' } });
  await vi.waitFor(() => expect(log).toHaveBeenCalledTimes(2)); // here, and over the bus
  await service.close();
  expect(log).toHaveBeenCalledWith('course-v1:edX+DemoX+2026 was created');
  await expect(statusOf('/livez')).rejects.toThrow();
});
