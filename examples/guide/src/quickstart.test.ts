import { COURSE_CREATED } from '@openedx-ts/events-catalog/content-authoring/course-created';
import { recordEvents } from '@openedx-ts/events-testing';
import { expect, it, vi } from 'vitest';

it('the example of the README prints the event twice: here and elsewhere', async () => {
  const printed = vi.spyOn(console, 'log').mockImplementation(() => {});
  using events = recordEvents(COURSE_CREATED);
  const { bus, running } = await import('./quickstart.js');
  await events.next();
  await events.next();
  await bus.close();
  await running;
  expect(printed.mock.calls).toEqual([
    ['course-v1:edX+DemoX+2026 was created', 'here'],
    ['course-v1:edX+DemoX+2026 was created', 'elsewhere'],
  ]);
});
