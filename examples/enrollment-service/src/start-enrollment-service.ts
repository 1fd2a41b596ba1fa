import { loadCatalogSignal } from '@openedx-ts/events-catalog';
import {
  type Environment,
  type EventBusPlugin,
  eventBusSettings,
  startEventBus,
} from '@openedx-ts/events-core';
import { createHttpApp, httpSettings, type RunningService } from '@openedx-ts/example-http-service';
import type { Logger } from 'pino';
import { type EnrollmentRepository, memoryEnrollmentRepository } from './enrollment-repository.js';
import { createEnrollments } from './enrollments.js';
import { producerConfig } from './producer-config.js';
import { addEnrollmentRoutes } from './routes.js';

/**
 * Starts the service: its event bus first, so that the event of the first request has a destination.
 *
 * @throws InvalidOptionsError, ProducerConfigurationError, BusLoadError when the environment is invalid
 */
export async function startEnrollmentService(
  options: {
    /** `HOST`, `PORT` (8001), `EVENT_BUS` and the settings of the bus. @defaultValue an empty environment */
    readonly env?: Environment;
    /** The bus to use instead of that of `EVENT_BUS`. */
    readonly bus?: EventBusPlugin;
    /** @defaultValue in memory */
    readonly repository?: EnrollmentRepository;
    /** @defaultValue none */
    readonly logger?: Logger;
  } = {},
): Promise<RunningService> {
  const { env = {}, repository = memoryEnrollmentRepository(), logger } = options;
  const settings = eventBusSettings(env, producerConfig);
  const listen = httpSettings(env, { port: 8001 });

  const bus = await startEventBus({
    ...settings,
    bus: options.bus ?? settings.bus,
    loadSignal: loadCatalogSignal,
  });
  const app = createHttpApp({ health: () => bus.health(), logger });
  addEnrollmentRoutes(app, createEnrollments(repository));
  app.addHook('onClose', () => bus.close());

  try {
    const url = await app.listen(listen);
    return { url, close: () => app.close() };
  } catch (error) {
    await app.close();
    throw error;
  }
}
