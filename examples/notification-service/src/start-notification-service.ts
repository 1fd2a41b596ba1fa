import {
  type Environment,
  type EventBusPlugin,
  eventBusSettings,
  startEventBus,
} from '@openedx-ts/events-core';
import { createHttpApp, httpSettings, type RunningService } from '@openedx-ts/example-http-service';
import type { Logger } from 'pino';
import { connectReceivers } from './connect-receivers.js';
import { memoryPreferenceRepository, type PreferenceRepository } from './preference-repository.js';
import { addPreferenceRoutes } from './routes.js';

/** The consumer group of this service: its instances share the events. */
export const notificationGroup = 'notification-service';

/** The topic of enrollment-service's events, without prefix. */
const enrollmentTopic = 'learning-course-enrollment-lifecycle';

/**
 * Starts the service. It accepts requests at once; `/readyz` reports when it consumes events. With `EVENT_BUS=null` it receives the events
 * sent in its own process.
 *
 * @throws InvalidOptionsError, BusLoadError when the environment is invalid
 */
export async function startNotificationService(
  options: {
    /** `HOST`, `PORT` (8002), `EVENT_BUS` and the settings of the bus. @defaultValue an empty environment */
    readonly env?: Environment;
    /** The bus to use instead of that of `EVENT_BUS`. */
    readonly bus?: EventBusPlugin;
    /** @defaultValue in memory */
    readonly preferences?: PreferenceRepository;
    /** @defaultValue none */
    readonly logger?: Logger;
  } = {},
): Promise<RunningService> {
  const { env = {}, preferences = memoryPreferenceRepository(), logger } = options;
  const listen = httpSettings(env, { port: 8002 });
  const busName = options.bus?.name ?? eventBusSettings(env).bus;
  const bus = await startEventBus({ bus: options.bus ?? busName, env });
  const app = createHttpApp({ health: () => bus.health(), logger });
  addPreferenceRoutes(app, preferences);

  const disconnect = new AbortController();
  app.addHook('onClose', async () => {
    await bus.close();
    disconnect.abort();
  });

  try {
    const from = busName === 'null' ? 'process' : 'bus';
    connectReceivers(preferences, { from, abortSignal: disconnect.signal });
    if (from === 'bus') {
      // A new group starts at the oldest event: learners who enrolled before this service existed get a preference too.
      const consumer = await bus.createConsumer({
        topics: [enrollmentTopic],
        groupId: notificationGroup,
        startFrom: 'earliest',
      });
      // /livez then reports 503, so that the service is restarted.
      consumer
        .run()
        .catch((error) =>
          logger?.fatal(
            { err: error },
            'the consumer has failed: no more events are consumed until the service is restarted',
          ),
        );
    }
    const url = await app.listen(listen);
    return { url, close: () => app.close() };
  } catch (error) {
    await app.close();
    throw error;
  }
}
