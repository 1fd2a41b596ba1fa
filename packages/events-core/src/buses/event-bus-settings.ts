import { InvalidOptionsError } from '../errors/configuration-errors.js';
import {
  mergeProducerConfigs,
  type ProducerConfig,
  type ProducerConfigInput,
  parseProducerConfig,
} from '../routes/producer-config.js';
import { type RouteMode, routeModeProblem } from '../routes/route-mode.js';
import type { Environment } from '../runtime/environment.js';

/** The settings that are the same for every bus. */
export interface EventBusSettings {
  /** Which bus; undefined for none. */
  readonly bus: string | undefined;
  readonly producerConfig: ProducerConfig;
  /** The mode of routes that have none of their own; undefined: `immediate`. */
  readonly producerMode: RouteMode | undefined;
  /** Handed on to the bus, which reads its own settings from it. */
  readonly env: Environment;
}

/**
 * Reads `EVENT_BUS` (or the reference's `EVENT_BUS_PRODUCER` / `EVENT_BUS_CONSUMER`), `EVENT_BUS_PRODUCER_CONFIG` (JSON,
 * either form) and `EVENT_BUS_PRODUCER_MODE` (`immediate`, `on-commit` or `outbox`). Reads nothing but `env`; an empty text
 * counts as not set.
 *
 * @param defaults what the configuration is merged over, such as the `defaultProducerConfig` of events-catalog: entries
 *   of the setting may then hold only what differs
 * @throws ProducerConfigurationError when the configuration is wrong
 * @throws InvalidOptionsError when two settings name different buses, or the mode is none
 */
export function eventBusSettings(env: Environment, defaults: ProducerConfigInput = {}): EventBusSettings {
  const merged = mergeProducerConfigs(defaults, env.EVENT_BUS_PRODUCER_CONFIG || {});
  return {
    bus: busOf(env),
    producerConfig: parseProducerConfig(merged),
    producerMode: modeOf(env.EVENT_BUS_PRODUCER_MODE),
    env,
  };
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

function modeOf(text: string | undefined): RouteMode | undefined {
  const mode = text?.trim().toLowerCase() || undefined;
  const problem = mode === undefined ? undefined : routeModeProblem(mode);
  if (problem !== undefined)
    throw new InvalidOptionsError('EVENT_BUS_PRODUCER_MODE', [{ path: '', message: problem }]);
  return mode as RouteMode | undefined;
}
