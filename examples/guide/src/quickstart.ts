// #region quickstart
import { eventBus } from '@openedx-ts/event-bus-memory';
import { COURSE_CREATED } from '@openedx-ts/events-catalog/content-authoring/course-created';
import { route, startEventBus } from '@openedx-ts/events-core';

const toCourses = route(COURSE_CREATED, { topic: 'courses', eventKeyField: 'course.course_key' });
const bus = await startEventBus({ bus: eventBus, routes: [toCourses] });
COURSE_CREATED.connect(({ data, fromEventBus }) => {
  console.log(`${data.course.course_key} was created`, fromEventBus ? 'elsewhere' : 'here');
});
const consumer = await bus.createConsumer({ topics: ['courses'], groupId: 'search' });
const running = consumer.run();
await consumer.ready;
await COURSE_CREATED.sendEvent({ course: { course_key: 'course-v1:edX+DemoX+2026' } });

// #endregion quickstart

/** For tests that run this file. */
export { bus, running };
