import type { Health } from '@openedx-ts/events-core';
import type { FastifyInstance } from 'fastify';

/**
 * `/livez`: 503 means that only a restart helps. `/readyz`: 503 means that the event bus is not usable now;
 * requests are still accepted, and their events wait in the producer's buffer.
 */
export function addHealthRoutes(app: Pick<FastifyInstance, 'get'>, health: () => Health): void {
  app.get('/livez', { logLevel: 'warn' }, (_request, reply) => {
    const { live, reasons } = health();
    return reply.code(live ? 200 : 503).send({ live, reasons: live ? [] : reasons });
  });
  app.get('/readyz', { logLevel: 'warn' }, (_request, reply) => {
    const { ready, reasons } = health();
    return reply.code(ready ? 200 : 503).send({ ready, reasons });
  });
}
