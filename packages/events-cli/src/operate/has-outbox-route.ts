import { type Environment, EventsError, eventBusSettings } from '@openedx-ts/events-core';
import { parseProducerConfig } from '@openedx-ts/events-core/operate';

/** Whether the settings give a route the mode `outbox`. Wrong settings have findings of their own. */
export function hasOutboxRoute({ EVENT_BUS_PRODUCER_CONFIG, EVENT_BUS_PRODUCER_MODE }: Environment): boolean {
  try {
    const { producerMode } = eventBusSettings({ EVENT_BUS_PRODUCER_MODE });
    if (producerMode === 'outbox') return true;
    const entries = Object.values(parseProducerConfig(EVENT_BUS_PRODUCER_CONFIG || '{}')).flatMap((topics) =>
      Object.values(topics),
    );
    return entries.some(({ enabled, mode }) => enabled && mode === 'outbox');
  } catch (error) {
    if (!EventsError.is(error)) throw error;
    return false;
  }
}
