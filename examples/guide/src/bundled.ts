// #region bundled
import { eventBus } from '@openedx-ts/event-bus-redis';
import {
  type Environment,
  eventBusSettings,
  type StartedEventBus,
  startEventBus,
} from '@openedx-ts/events-core';

export function start(env: Environment): Promise<StartedEventBus> {
  return startEventBus({ ...eventBusSettings(env), bus: eventBus });
}
// #endregion bundled
