import { type Environment, EventsError, eventBusSettings } from '@openedx-ts/events-core';
import { parseProducerConfig } from '@openedx-ts/events-core/operate';

/**
 * Returns how many of the enabled routes in the settings have the mode `outbox`; `all` too where it is the default and
 * the settings have no route. Wrong settings have findings of their own, and count as none.
 */
export function outboxRoutes({
  EVENT_BUS_PRODUCER_CONFIG,
  EVENT_BUS_PRODUCER_MODE,
}: Environment): 'none' | 'some' | 'all' {
  try {
    const { producerMode } = eventBusSettings({ EVENT_BUS_PRODUCER_MODE });
    const modes = Object.values(parseProducerConfig(EVENT_BUS_PRODUCER_CONFIG || '{}'))
      .flatMap((topics) => Object.values(topics))
      .flatMap(({ enabled, mode = producerMode }) => (enabled ? [mode] : []));
    if (modes.length === 0) return producerMode === 'outbox' ? 'all' : 'none';
    if (modes.every((mode) => mode === 'outbox')) return 'all';
    return producerMode === 'outbox' || modes.includes('outbox') ? 'some' : 'none';
  } catch (error) {
    if (!EventsError.is(error)) throw error;
    return 'none';
  }
}
