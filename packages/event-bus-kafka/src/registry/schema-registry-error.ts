import type { ProduceFault } from '@openedx-ts/events-core';

/**
 * The schema registry refused a schema or us; the same question gets the same answer until somebody changes something.
 * - `access`: it does not accept the credentials, or they may not do this;
 * - `incompatible`: the schema breaks the subject's compatibility rule;
 * - `invalid-schema`: it holds the text for no valid Avro schema;
 * - `not-registered`: the schema is not there, and `autoRegister` is off.
 */
export class SchemaRegistryError extends Error {
  readonly code = 'EVENT_BUS_KAFKA_SCHEMA_REGISTRY';
  readonly retryable = false;
  readonly reason: 'access' | 'incompatible' | 'invalid-schema' | 'not-registered';
  /** Undefined where it is not about one subject. */
  readonly subject: string | undefined;
  /** `event`: the registry does not accept the schema of the event. `bus`: it would, once access or the schema is there. */
  readonly fault: ProduceFault;

  constructor(
    reason: SchemaRegistryError['reason'],
    subject: string | undefined,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'SchemaRegistryError';
    this.reason = reason;
    this.subject = subject;
    this.fault = reason === 'incompatible' || reason === 'invalid-schema' ? 'event' : 'bus';
  }
}
