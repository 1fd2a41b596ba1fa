import { findSignal } from '@openedx-ts/events-core';
import {
  type EncodedEvent,
  encodeHeaders,
  type Header,
  IncompatibleSchemaError,
  type Message,
  type UnframedRecord,
  UnusableMessageError,
  type WireFormat,
  type WriterSchema,
} from '@openedx-ts/events-core/bus';
import { BoundedCache } from '../codec/bounded-cache.js';
import { fingerprintOf, schemaOf } from '../schema/schema-of.js';

/** Where the schemas of bare messages are kept, by fingerprint. Either method may answer at once or later. */
export interface SchemaStore {
  /**
   * The text of a schema, or undefined when the store is sure to have none: its messages are then dead letters. A
   * store that cannot be reached or may lag behind throws `InfrastructureError` instead, and the message is retried.
   */
  textOf(fingerprint: string): string | undefined | Promise<string | undefined>;
  /** Keeps a schema before the first message that names it. Left out where the bus keeps them in another way. */
  keep?(schema: WriterSchema): void | Promise<void>;
}

/**
 * The wire format of the Redis peers: the bare Avro record, headers without a prefix. Two headers of ours, which
 * Python services ignore, make it safe: `schema_fp`, the fingerprint of the writer's schema, and `event_key`, the
 * key as text, which is also the message's key. A message without `schema_fp` (of a Python service) has no writer's
 * schema, so it is read with our own. The store is not asked for a fingerprint that is that of our own schema; where
 * it has no text for another, or a wrong one, nothing is guessed: the message is poison.
 */
export function bareWireFormat({ schemas }: { readonly schemas: SchemaStore }): WireFormat {
  const known = new BoundedCache<string, WriterSchema>(1000);
  const stored = new BoundedCache<string, true>(1000);
  const kept = new Map<string, Promise<void>>();
  /** What the last message was written with; the next one mostly is, too. */
  let last: { readonly bytes: Buffer; readonly schema: WriterSchema } | undefined;

  const found = (fingerprint: string, text: string | undefined, headers: readonly Header[]): WriterSchema => {
    if (text === undefined) throw unreadable(fingerprint, headers, 'its text is not stored');
    if (fingerprintOf(text) !== fingerprint)
      throw unreadable(fingerprint, headers, 'the text stored for it has another fingerprint');
    const schema = Object.freeze({ text, fingerprint });
    known.set(fingerprint, schema);
    return schema;
  };

  const keep = (schema: WriterSchema): void | Promise<void> => {
    const { fingerprint } = schema;
    if (schemas.keep === undefined || stored.get(fingerprint)) return;
    const waiting = kept.get(fingerprint);
    if (waiting !== undefined) return waiting;
    const answer = schemas.keep(schema);
    if (!(answer instanceof Promise)) {
      stored.set(fingerprint, true);
      return;
    }
    const keeping = answer
      .then(() => stored.set(fingerprint, true))
      .then(() => undefined)
      .finally(() => kept.delete(fingerprint));
    kept.set(fingerprint, keeping);
    return keeping;
  };

  return Object.freeze({
    headerNaming: 'redis' as const,

    frame(event: EncodedEvent, fullTopic: string): Message | Promise<Message> {
      const waiting = keep(event.schema);
      return waiting === undefined
        ? messageOf(event, fullTopic)
        : waiting.then(() => messageOf(event, fullTopic));
    },

    unframe({ value, headers }: Message): UnframedRecord | Promise<UnframedRecord> {
      if (value === null) throw new UnusableMessageError('the message has no value');
      const bytes = fingerprintIn(headers);
      if (bytes === undefined) return { record: value, writer: null };
      if (last?.bytes.equals(bytes) === true) return { record: value, writer: last.schema };
      const fingerprint = fingerprintText(bytes);
      const schema = known.get(fingerprint) ?? ownSchema(fingerprint, headers);
      if (schema !== undefined) {
        last = { bytes: Buffer.from(bytes), schema };
        return { record: value, writer: schema };
      }
      const text = schemas.textOf(fingerprint);
      return text instanceof Promise
        ? text.then((text) => ({ record: value, writer: found(fingerprint, text, headers) }))
        : { record: value, writer: found(fingerprint, text, headers) };
    },
  });
}

const SCHEMA_HEADER = 'schema_fp';
const KEY_HEADER = 'event_key';

/** Our schema of the event, if it is the one that is asked for. */
function ownSchema(fingerprint: string, headers: readonly Header[]): WriterSchema | undefined {
  const own = schemaHere(headers);
  return own?.fingerprint === fingerprint ? own : undefined;
}

function unreadable(fingerprint: string, headers: readonly Header[], reason: string): Error {
  const own = schemaHere(headers);
  if (own === undefined)
    return new UnusableMessageError(`the schema it was written with: ${reason}`, SCHEMA_HEADER);
  return new IncompatibleSchemaError(typeIn(headers), fingerprint, own.fingerprint, reason);
}

function schemaHere(headers: readonly Header[]): WriterSchema | undefined {
  const signal = findSignal(typeIn(headers));
  return signal === undefined || signal.about.localOnly !== undefined ? undefined : schemaOf(signal);
}

function typeIn(headers: readonly Header[]): string {
  const type = headers.find(([name]) => name === 'type');
  return type === undefined ? '' : Buffer.from(type[1]).toString('utf8');
}

function messageOf(event: EncodedEvent, topic: string): Message {
  const key = Buffer.from(event.key.text, 'utf8');
  const headers = encodeHeaders(event.metadata, 'redis');
  headers.push([KEY_HEADER, key], [SCHEMA_HEADER, fingerprintBytes(event.schema)]);
  return { topic, key, value: event.record, headers };
}

/** The same for all events of a schema. */
function fingerprintBytes(schema: WriterSchema): Uint8Array {
  let bytes = fingerprints.get(schema);
  if (bytes === undefined) {
    bytes = Buffer.from(schema.fingerprint, 'utf8');
    fingerprints.set(schema, bytes);
  }
  return bytes;
}

const fingerprints = new WeakMap<WriterSchema, Uint8Array>();

function fingerprintIn(headers: readonly Header[]): Uint8Array | undefined {
  let found: Uint8Array | undefined;
  for (const [name, value] of headers) {
    if (name !== SCHEMA_HEADER) continue;
    if (found !== undefined)
      throw new UnusableMessageError(`header ${SCHEMA_HEADER} is there more than once`, SCHEMA_HEADER);
    found = value;
  }
  return found;
}

function fingerprintText(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  if (!/^[0-9a-f]{64}$/.test(text))
    throw new UnusableMessageError(`header ${SCHEMA_HEADER} cannot be read`, SCHEMA_HEADER);
  return text;
}
