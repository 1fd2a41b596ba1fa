// #region hono
import { COURSE_CREATED } from '@openedx-ts/events-catalog/content-authoring/course-created';
import { EventsError, type StartedEventBus } from '@openedx-ts/events-core';
import { Hono } from 'hono';

/** An app that sends events; whoever starts the bus closes it after the server. */
export function createApp(bus: StartedEventBus): Hono {
  const app = new Hono();
  app.get('/livez', (context) => context.body(null, bus.health().live ? 200 : 503));
  app.get('/readyz', (context) => context.json(bus.health(), bus.health().ready ? 200 : 503));
  app.post('/courses', async (context) => {
    const { key } = await context.req.json<{ key: string }>();
    await COURSE_CREATED.sendEvent({ course: { course_key: key } });
    return context.body(null, 201);
  });
  app.onError((error, context) =>
    EventsError.is(error) && error.code === 'EVENTS_INVALID_DATA'
      ? context.json({ message: error.message }, 400)
      : context.json({ message: 'something went wrong here' }, 500),
  );
  return app;
}
// #endregion hono
