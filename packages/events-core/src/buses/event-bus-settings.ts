import { InvalidOptionsError } from '../errors/configuration-errors.js';
import {
  mergeProducerConfigs,
  type ProducerConfig,
  type ProducerConfigInput,
  parseProducerConfig,
} from '../routes/producer-config.js';
import type { Environment } from '../runtime/environment.js';

/** The settings that are the same for every bus. */
export interface EventBusSettings {
  /** Which bus; undefined for none. */
  readonly bus: string | undefined;
  readonly producerConfig: ProducerConfig;
  /** Handed on to the bus, which reads its own settings from it. */
  readonly env: Environment;
}

/**
 * Reads `EVENT_BUS` (or the reference's `EVENT_BUS_PRODUCER` / `EVENT_BUS_CONSUMER`) and `EVENT_BUS_PRODUCER_CONFIG`
 * (JSON, either form). Reads nothing but `env`; an empty text counts as not set.
 *
 * @param defaults what the configuration is merged over, such as the `defaultProducerConfig` of events-catalog: entries
 *   of the setting may then say only what differs
 * @throws ProducerConfigurationError when the configuration is wrong
 * @throws InvalidOptionsError when two settings name different buses
 */
export function eventBusSettings(env: Environment, defaults: ProducerConfigInput = {}): EventBusSettings {
  const merged = mergeProducerConfigs(defaults, env.EVENT_BUS_PRODUCER_CONFIG || {});
  return { bus: busOf(env), producerConfig: parseProducerConfig(merged), env };
}

function busOf(env: Environment): string | undefined {
  if (env.EVENT_BUS) return env.EVENT_BUS;
  const { EVENT_BUS_PRODUCER: producer, EVENT_BUS_CONSUMER: consumer } = env;
  if (producer && consumer && packageOf(producer) !== packageOf(consumer)) {
    throw new InvalidOptionsError('EVENT_BUS_PRODUCER', [
      {
        path: '',
        message: 'it names another bus than EVENT_BUS_CONSUMER: set EVENT_BUS to the one you mean',
      },
    ]);
  }
  return producer || consumer || undefined;
}

/** The Python package of a dotted path: both of its classes are one bus. */
function packageOf(name: string): string {
  return name.startsWith('edx_event_bus_') ? (name.split('.')[0] as string) : name;
}
