import type { Health } from '@openedx-ts/events-core';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { answerErrors } from './answer-errors.js';
import { addHealthRoutes } from './health-routes.js';
import { checkWithShape, type ShapeTypeProvider } from './shape-validation.js';

/** An HTTP app whose routes give shapes as their schemas. */
export type HttpApp = ReturnType<typeof createHttpApp>;

/** Makes an HTTP app with health endpoints and typed error bodies, to add routes to. Without a logger it is silent. */
export function createHttpApp(options: {
  readonly health: () => Health;
  readonly logger?: FastifyBaseLogger | undefined;
}) {
  const { health, logger } = options;
  const app = Fastify({
    logController: new LogController({ disableRequestLogging: true }),
    ...(logger === undefined ? {} : { loggerInstance: logger }),
  })
    .setValidatorCompiler(checkWithShape)
    .withTypeProvider<ShapeTypeProvider>();
  closeConnectionsWhenStopping(app);
  // The route instead of the URL, which may contain names of people.
  app.addHook('onResponse', async ({ method, routeOptions, log }, { statusCode, elapsedTime }) => {
    log.info(
      { method, route: routeOptions.url, statusCode, durationMs: Math.round(elapsedTime) },
      'answered',
    );
  });
  answerErrors(app);
  addHealthRoutes(app, health);
  return app;
}

/** A client that keeps its connection open after the response to its last request would otherwise delay the stop. */
function closeConnectionsWhenStopping(app: Pick<FastifyInstance, 'addHook'>): void {
  let isStopping = false;
  app.addHook('preClose', async () => {
    isStopping = true;
  });
  app.addHook('onSend', async (_request, reply) => {
    if (isStopping) reply.header('connection', 'close');
  });
}
