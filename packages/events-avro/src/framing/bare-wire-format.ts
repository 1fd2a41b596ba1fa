import { findSignal } from '@openedx-ts/events-core';
import {
  BoundedCache,
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
import { fingerprintOf, schemaOf } from '../schema/schema-of.js';
import { KeptSchemas } from './kept-schemas.js';
import { schemaCacheLimits } from './schema-cache-limits.js';
import type { SchemaStore } from './schema-store.js';

/**
 * Creates the wire format of the Redis peers: the bare Avro record, with headers without a prefix. Two additional
 * headers, which Python services ignore, make it safe: `schema_fp`, the fingerprint of the writer's schema, and
 * `event_key`, the key as text, which is also the message's key. A message without `schema_fp` comes from a Python
 * service and is read with the reader's own schema. The store is asked only for fingerprints of other schemas; if it has
 * no text for one, or a text with another fingerprint, the message is poison.
 */
export function bareWireFormat({ schemas }: { readonly schemas: SchemaStore }): WireFormat {
  const known = new BoundedCache<string, WriterSchema>(schemaCacheLimits);
  const kept = new KeptSchemas(schemas);
  /** The writer's schema of the last message, which is usually also that of the next. */
  let last: { readonly bytes: Buffer; readonly schema: WriterSchema } | undefined;

  const found = (fingerprint: string, text: string | undefined, headers: readonly Header[]): WriterSchema => {
    if (text === undefined)
      throw unreadable(fingerprint, headers, 'the schema store has no text for its fingerprint');
    if (fingerprintOf(text) !== fingerprint)
      throw unreadable(fingerprint, headers, 'the text in the schema store has another fingerprint');
    const schema = Object.freeze({ text, fingerprint });
    known.set(fingerprint, schema);
    return schema;
  };

  return Object.freeze({
    headerNaming: 'redis' as const,

    frame(event: EncodedEvent, fullTopic: string): Message | Promise<Message> {
      const waiting = kept.keep(event.schema);
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

/** The reader's own schema of the event, if it has this fingerprint. */
function ownSchema(fingerprint: string, headers: readonly Header[]): WriterSchema | undefined {
  const own = readerSchema(headers);
  return own?.fingerprint === fingerprint ? own : undefined;
}

function unreadable(fingerprint: string, headers: readonly Header[], reason: string): Error {
  const own = readerSchema(headers);
  if (own === undefined)
    return new UnusableMessageError(`the schema that the message was written with: ${reason}`, SCHEMA_HEADER);
  return new IncompatibleSchemaError(typeIn(headers), fingerprint, own.fingerprint, reason);
}

function readerSchema(headers: readonly Header[]): WriterSchema | undefined {
  const signal = findSignal(typeIn(headers));
  return signal === undefined || signal.about.localOnly !== undefined ? undefined : schemaOf(signal);
}

function typeIn(headers: readonly Header[]): string {
  const type = headers.find(([name]) => name === 'type');
  return type === undefined ? '' : Buffer.from(type[1] ?? []).toString('utf8');
}

function messageOf(event: EncodedEvent, topic: string): Message {
  const key = Buffer.from(event.key.text, 'utf8');
  const headers = encodeHeaders(event.metadata, 'redis');
  headers.push([KEY_HEADER, key], [SCHEMA_HEADER, fingerprintBytes(event.schema)]);
  return { topic, key, value: event.record, headers };
}

/** Cached, because it is the same for all events of a schema. */
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
      throw new UnusableMessageError(`header ${SCHEMA_HEADER} is present more than once`, SCHEMA_HEADER);
    found = value ?? undefined;
  }
  return found;
}

function fingerprintText(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  if (!/^[0-9a-f]{64}$/.test(text))
    throw new UnusableMessageError(
      `header ${SCHEMA_HEADER} is not a SHA-256 in lower-case hex`,
      SCHEMA_HEADER,
    );
  return text;
}
