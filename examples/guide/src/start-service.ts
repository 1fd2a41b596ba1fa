// #region start-service
import { COURSE_CREATED } from '@openedx-ts/events-catalog/content-authoring/course-created';
import { eventBusSettings, startEventBus, stopOnSignal } from '@openedx-ts/events-core';

const bus = await startEventBus(eventBusSettings(process.env));
stopOnSignal({ close: () => bus.close() });
COURSE_CREATED.connect(
  ({ data, metadata, fromEventBus }) => {
    if (fromEventBus) console.log(`${data.course.course_key} from ${metadata.source}`);
  },
  { name: 'log' },
);
const consumer = await bus.createConsumer({ topics: ['courses'], groupId: 'my-service' });
const running = consumer.run();
await consumer.ready;
await COURSE_CREATED.sendEvent({ course: { course_key: 'course-v1:edX+Node+2026' } });
await running;
// #endregion start-service
