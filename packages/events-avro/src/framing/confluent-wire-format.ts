import {
  type EncodedEvent,
  encodeHeaders,
  type Message,
  type UnframedRecord,
  UnusableMessageError,
  type WireFormat,
  type WriterSchema,
} from '@openedx-ts/events-core/bus';
import { BoundedCache } from '../codec/bounded-cache.js';
import { frameConfluent, unframeConfluent } from './confluent-frame.js';

/** A schema registry: gives every schema text an id. Either method may answer at once or later. */
export interface SchemaRegistry {
  /**
   * The id of a schema under a subject; registers it if need be.
   *
   * @throws InfrastructureError when the registry cannot be reached
   */
  register(subject: string, schemaText: string): number | Promise<number>;
  /**
   * The schema of an id, or undefined when the registry knows none.
   *
   * @throws InfrastructureError when the registry cannot be reached
   */
  schemaById(id: number): WriterSchema | undefined | Promise<WriterSchema | undefined>;
}

/**
 * The wire format of the Kafka peers: key and value framed with registry ids, `ce_` headers. Subjects are
 * `<full topic>-<event type>.CloudEvent` for the value and `<full topic>-string` (`-long`, `-double`, `-boolean`) for
 * the key, which is registered first, as the Python producer does. Once ids are known, framing is sync.
 */
export function confluentWireFormat(registry: SchemaRegistry): WireFormat {
  const ids = new SchemaIds(registry);
  const schemas = new BoundedCache<number, WriterSchema>(1000);

  const schemaFound = (schemaId: number, schema: WriterSchema | undefined): WriterSchema => {
    if (schema === undefined)
      throw new UnusableMessageError(`the schema registry knows no schema ${schemaId}`);
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
      const known = schemas.get(schemaId) ?? registry.schemaById(schemaId);
      return known instanceof Promise
        ? known.then((schema) => ({ record, writer: schemaFound(schemaId, schema) }))
        : { record, writer: schemaFound(schemaId, known) };
    },
  });
}

function messageOf(event: EncodedEvent, topic: string, keyId: number, valueId: number): Message {
  return {
    topic,
    key: frameConfluent(keyId, event.key.bytes),
    value: frameConfluent(valueId, event.record),
    headers: encodeHeaders(event.metadata, 'kafka'),
  };
}

/** The ids of the subjects we write to; each is asked for once, however many events wait for it. */
class SchemaIds {
  readonly #registry: SchemaRegistry;
  readonly #ids = new Map<string, number | Promise<number>>();

  constructor(registry: SchemaRegistry) {
    this.#registry = registry;
  }

  of(subject: string, schema: WriterSchema): number | Promise<number> {
    const place = `${subject} ${schema.fingerprint}`;
    const known = this.#ids.get(place);
    if (known !== undefined) return known;
    const answer = this.#registry.register(subject, schema.text);
    if (typeof answer === 'number') {
      this.#ids.set(place, answer);
      return answer;
    }
    const id = Promise.resolve(answer).then(
      (id) => {
        this.#ids.set(place, id);
        return id;
      },
      (error: unknown) => {
        this.#ids.delete(place);
        throw error;
      },
    );
    this.#ids.set(place, id);
    return id;
  }
}

const avroTypes = new WeakMap<WriterSchema, string>();

/** The Avro type in a key's schema, e.g. `string`; the registry's name for it, since a primitive has none. */
function avroTypeOf(schema: WriterSchema): string {
  let type = avroTypes.get(schema);
  if (type === undefined) {
    type = (JSON.parse(schema.text) as { readonly type: string }).type;
    avroTypes.set(schema, type);
  }
  return type;
}
