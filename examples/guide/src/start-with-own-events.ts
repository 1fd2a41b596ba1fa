import { loadCatalogSignal } from '@openedx-ts/events-catalog/loader';
import {
  type EventBusPlugin,
  eventBusSettings,
  findSignal,
  type StartedEventBus,
  startEventBus,
} from '@openedx-ts/events-core';

// #region own-events
/** Loads the events of this service when the configuration names one that is not loaded. */
async function loadOwnSignal(eventType: string) {
  await import('./loan-extended.js');
  return findSignal(eventType);
}

export async function startWithOwnEvents(bus: EventBusPlugin): Promise<StartedEventBus> {
  const settings = eventBusSettings(process.env);
  return startEventBus({ ...settings, bus, loadSignal: [loadCatalogSignal, loadOwnSignal] });
}
// #endregion own-events
