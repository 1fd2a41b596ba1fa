import { defaultRoutes } from './default-routes.js';

/**
 * Which events go to which topics, in the form of the platform's `EVENT_BUS_PRODUCER_CONFIG` setting: event type, then
 * topic (without the prefix of the environment), then the settings of the route.
 */
export type ProducerConfigMap = Readonly<Record<string, Readonly<Record<string, ProducerConfigEntry>>>>;

/** The settings of a route: one event type on one topic; the names are those of the platform's setting. */
export interface ProducerConfigEntry {
  readonly event_key_field: string;
  readonly enabled: boolean;
}

/**
 * A route for every event that may leave its process, all of them disabled: merge your own map over it to enable
 * some. Topics are those of the platform and its services where they define one; other events share a topic with those
 * about the same thing, so that these stay in order. Deeply frozen.
 */
export const defaultProducerConfig: ProducerConfigMap = disabledConfig();

function disabledConfig(): ProducerConfigMap {
  const config: Record<string, Record<string, ProducerConfigEntry>> = {};
  for (const { topic, eventKeyField, eventTypes } of defaultRoutes) {
    for (const eventType of eventTypes) {
      config[eventType] ??= {};
      config[eventType][topic] = Object.freeze({ event_key_field: eventKeyField, enabled: false });
    }
  }
  for (const topics of Object.values(config)) Object.freeze(topics);
  return Object.freeze(config);
}
