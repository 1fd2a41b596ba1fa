import {
  BoundedCache,
  type EncodedEvent,
  encodeHeaders,
  type Message,
  type UnframedRecord,
  UnusableMessageError,
  type WireFormat,
  type WriterSchema,
} from '@openedx-ts/events-core/bus';
import { frameConfluent, unframeConfluent } from './confluent-frame.js';
import { schemaCacheLimits } from './schema-cache-limits.js';

/** A schema registry: assigns an id to every schema. Both methods may return their result or a promise of it. */
export interface SchemaRegistry {
  /**
   * Registers a schema under a subject if it is not registered yet, and returns its id.
   *
   * @throws InfrastructureError when the registry cannot be reached
   */
  register(subject: string, schemaText: string): number | Promise<number>;
  /**
   * Returns the schema of an id, or undefined when the registry has none.
   *
   * @throws InfrastructureError when the registry cannot be reached
   */
  schemaById(id: number): WriterSchema | undefined | Promise<WriterSchema | undefined>;
}

/**
 * Creates the wire format of the Kafka peers: key and value framed with registry ids, `ce_` headers. Subjects are
 * `<full topic>-<event type>.CloudEvent` for the value and `<full topic>-string` (`-long`, `-double`, `-boolean`) for
 * the key, which is registered first, as the Python producer does. Once the ids are known, framing is synchronous.
 */
export function confluentWireFormat(registry: SchemaRegistry): WireFormat {
  const ids = new SchemaIds(registry);
  const schemas = new BoundedCache<number, WriterSchema>(schemaCacheLimits);

  const schemaFound = (schemaId: number, schema: WriterSchema | undefined): WriterSchema => {
    if (schema === undefined)
      throw new UnusableMessageError(`the schema registry has no schema with the id ${schemaId}`);
    schemas.set(schemaId, schema);
    return schema;
  };

  return Object.freeze({
    headerNaming: 'kafka' as const,

    frame(event: EncodedEvent, fullTopic: string): Message | Promise<Message> {
      const { key, schema, metadata } = event;
      const keyId = ids.of(`${fullTopic}-${avroTypeOf(key.schema)}`, key.schema);
      const subject = `${fullTopic}-${metadata.eventType}.CloudEvent`;
      if (typeof keyId === 'number') {
        const valueId = ids.of(subject, schema);
        if (typeof valueId === 'number') return messageOf(event, fullTopic, keyId, valueId);
      }
      return (async () => messageOf(event, fullTopic, await keyId, await ids.of(subject, schema)))();
    },

    unframe(message: Message): UnframedRecord | Promise<UnframedRecord> {
      if (message.value === null) throw new UnusableMessageError('the message has no value');
      const { schemaId, avro: record } = unframeConfluent(message.value);
      if (schemaId > MAX_SCHEMA_ID)
        throw new UnusableMessageError(
          `no schema registry has the id ${schemaId}: the largest is ${MAX_SCHEMA_ID}`,
        );
      const known = schemas.get(schemaId) ?? registry.schemaById(schemaId);
      return known instanceof Promise
        ? known.then((schema) => ({ record, writer: schemaFound(schemaId, schema) }))
        : { record, writer: schemaFound(schemaId, known) };
    },
  });
}

/** Registries count in a signed integer of 32 bits. They answer a larger id as if they were no registry. */
const MAX_SCHEMA_ID = 0x7fffffff;

function messageOf(event: EncodedEvent, topic: string, keyId: number, valueId: number): Message {
  return {
    topic,
    key: frameConfluent(keyId, event.key.bytes),
    value: frameConfluent(valueId, event.record),
    headers: encodeHeaders(event.metadata, 'kafka'),
  };
}

/**
 * The schema ids of subjects; each schema is registered once, however many events wait for it, unless its id is among
 * those that were dropped, because a program publishes to topics that it makes up.
 */
class SchemaIds {
  readonly #registry: SchemaRegistry;
  readonly #ids = new BoundedCache<string, number | Promise<number>>({ maxEntries: MAX_IDS });

  constructor(registry: SchemaRegistry) {
    this.#registry = registry;
  }

  of(subject: string, schema: WriterSchema): number | Promise<number> {
    const cacheKey = `${subject} ${schema.fingerprint}`;
    const known = this.#ids.get(cacheKey);
    if (known !== undefined) return known;
    const answer = this.#registry.register(subject, schema.text);
    if (typeof answer === 'number') {
      this.#ids.set(cacheKey, answer);
      return answer;
    }
    const id = Promise.resolve(answer).then(
      (id) => {
        this.#ids.set(cacheKey, id);
        return id;
      },
      (error: unknown) => {
        this.#ids.delete(cacheKey);
        throw error;
      },
    );
    this.#ids.set(cacheKey, id);
    return id;
  }
}

/** Of subjects and schemas, each some hundred bytes. */
const MAX_IDS = 10_000;

const avroTypes = new WeakMap<WriterSchema, string>();

/** The Avro type in a key's schema, e.g. `string`: a part of its subject, because a primitive has no name. */
function avroTypeOf(schema: WriterSchema): string {
  let type = avroTypes.get(schema);
  if (type === undefined) {
    type = (JSON.parse(schema.text) as { readonly type: string }).type;
    avroTypes.set(schema, type);
  }
  return type;
}
