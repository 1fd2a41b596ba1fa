import type { ProduceFault } from '@openedx-ts/events-core/bus';

/**
 * The schema registry refused a schema or the credentials. The same request fails again until an operator changes something.
 * - `access`: the credentials are wrong or lack a permission;
 * - `incompatible`: the schema breaks the subject's compatibility rule;
 * - `invalid-schema`: the registry does not accept the text as an Avro schema;
 * - `not-registered`: the registry does not have the schema, and `autoRegister` is off.
 */
export class SchemaRegistryError extends Error {
  readonly code = 'EVENT_BUS_KAFKA_SCHEMA_REGISTRY';
  readonly retryable = false;
  readonly reason: 'access' | 'incompatible' | 'invalid-schema' | 'not-registered';
  /** The subject that the error concerns; undefined when it concerns all. */
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
