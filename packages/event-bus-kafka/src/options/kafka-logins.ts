import type { SchemaRegistryOptions } from '../registry/schema-registry-options.js';
import type { KafkaSaslOptions } from '../security/kafka-sasl-options.js';
import type { KafkaTlsOptions } from '../security/kafka-tls-options.js';

/** Logins in code, for what no environment variable can express. Each replaces that of the environment. */
export interface KafkaLogins {
  /** As `KafkaClientOptions.sasl`. */
  readonly sasl?: KafkaSaslOptions | undefined;
  /** As `KafkaClientOptions.tls`. */
  readonly tls?: boolean | KafkaTlsOptions | undefined;
  readonly schemaRegistry?: Pick<SchemaRegistryOptions, 'auth' | 'tls'> | undefined;
}
