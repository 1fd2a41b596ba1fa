import type { SchemaRegistryOptions } from '../registry/schema-registry-options.js';
import type { KafkaLogins } from './kafka-logins.js';
import type { KafkaClientOptions } from './kafka-options.js';

/** Replaces the logins of settings that were read from the environment with those of code. */
export function withLogins<T extends KafkaClientOptions>(settings: T, logins: KafkaLogins): T {
  const { sasl, tls, schemaRegistry } = logins;
  return {
    ...settings,
    ...(sasl === undefined ? {} : { sasl }),
    ...(tls === undefined ? {} : { tls }),
    schemaRegistry: { ...(settings.schemaRegistry as SchemaRegistryOptions), ...schemaRegistry },
  };
}
