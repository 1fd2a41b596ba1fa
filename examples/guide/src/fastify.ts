// #region fastify
import { COURSE_CREATED } from '@openedx-ts/events-catalog/content-authoring/course-created';
import { type StartedEventBus, type StartOptions, startEventBus } from '@openedx-ts/events-core';
import Fastify, { type FastifyInstance } from 'fastify';

/** Health and stop of a bus, for an app that sends or receives events. */
export function addEventBus(app: FastifyInstance, bus: StartedEventBus): void {
  app.get('/livez', async (_request, reply) => reply.code(bus.health().live ? 200 : 503).send());
  app.get('/readyz', async (_request, reply) =>
    reply.code(bus.health().ready ? 200 : 503).send(bus.health()),
  );
  app.addHook('onClose', async () => bus.close()); // after the last request: its events are still flushed
}

export async function createApp(options: StartOptions): Promise<FastifyInstance> {
  const app = Fastify();
  const bus = await startEventBus(options);
  addEventBus(app, bus);
  app.post<{ Body: { key: string } }>('/courses', async ({ body }, reply) => {
    await COURSE_CREATED.sendEvent({ course: { course_key: body.key } });
    return reply.code(201).send();
  });
  return app;
}
// #endregion fastify
