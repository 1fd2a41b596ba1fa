import { loadCatalogSignal } from '@openedx-ts/events-catalog';
import {
  type Environment,
  type EventBusPlugin,
  eventBusSettings,
  type StartedEventBus,
  startEventBus,
} from '@openedx-ts/events-core';
import { createHttpApp, httpSettings, type RunningService } from '@openedx-ts/example-http-service';
import type { Logger } from 'pino';
import { coursePlaces } from './course-places.js';
import { type EnrollmentRepository, memoryEnrollmentRepository } from './enrollment-repository.js';
import { createEnrollments } from './enrollments.js';
import { producerConfig } from './producer-config.js';
import { addEnrollmentRoutes } from './routes.js';
import type { EnrollmentStorage } from './storage/enrollment-storage.js';
import { memoryStorage } from './storage/memory-storage.js';
import { openDatabaseStorage } from './storage/open-database-storage.js';

/**
 * Starts the service: its event bus first, so that the event of the first request has a destination. With the mode
 * `outbox` it stores enrolments in a database, with the outbox beside them; otherwise in memory, with the mode `on-commit`.
 *
 * @throws InvalidOptionsError, ProducerConfigurationError, BusLoadError when the environment is invalid
 */
export async function startEnrollmentService(
  options: {
    /**
     * `HOST`, `PORT` (8001), `EVENT_BUS` and the settings of the bus, `EVENT_BUS_PRODUCER_MODE`, `DATABASE_URL`,
     * `COURSE_PLACES`. @defaultValue an empty environment
     */
    readonly env?: Environment;
    /** The bus to use instead of that of `EVENT_BUS`. */
    readonly bus?: EventBusPlugin;
    /** Where enrolments are without the mode `outbox`. @defaultValue in memory */
    readonly repository?: EnrollmentRepository;
    /** @defaultValue none */
    readonly logger?: Logger;
  } = {},
): Promise<RunningService> {
  const { env = {}, repository = memoryEnrollmentRepository(), logger } = options;
  const settings = eventBusSettings(env, producerConfig);
  const { producerMode = 'on-commit' } = settings;
  const listen = httpSettings(env, { port: 8001 });
  const places = coursePlaces(env);

  const storage =
    producerMode === 'outbox' ? await openDatabaseStorage(env.DATABASE_URL) : memoryStorage(repository);
  const { outbox } = storage;
  const starting = startEventBus({
    ...settings,
    producerMode,
    bus: options.bus ?? settings.bus,
    loadSignal: loadCatalogSignal,
    ...(outbox === undefined ? {} : { outbox }),
  });
  const bus = await starting.catch(async (error) => {
    await storage.close();
    throw error;
  });
  const app = createHttpApp({ health: () => bus.health(), logger });
  addEnrollmentRoutes(app, createEnrollments(storage, places));
  app.addHook('onClose', () => closeInOrder(bus, storage));

  try {
    const url = await app.listen(listen);
    return { url, close: () => app.close() };
  } catch (error) {
    await app.close();
    throw error;
  }
}

/** The relay of the outbox, which the bus closes, needs the database. */
async function closeInOrder(bus: StartedEventBus, storage: EnrollmentStorage): Promise<void> {
  try {
    await bus.close();
  } finally {
    await storage.close();
  }
}
