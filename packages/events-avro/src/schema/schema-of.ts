import { createHash } from 'node:crypto';
import { type JsonValue, LocalOnlyError, type OpenEdxPublicSignal } from '@openedx-ts/events-core';
import type { WriterSchema } from '@openedx-ts/events-core/bus';
import { pythonJson } from './python-json.js';
import { schemaJson } from './schema-json.js';

/** The Avro schema of a signal. */
export interface EventSchema extends WriterSchema {
  /** The schema as JSON, keys in the order in which the reference stores them. */
  readonly json: { readonly [key: string]: JsonValue };
}

/**
 * Returns the Avro schema of a signal, with the same text as the reference's, so that a registry gives both the same id.
 * It is built once for each signal.
 *
 * @throws LocalOnlyError when the signal must stay in its process and therefore has no schema
 */
export function schemaOf(signal: OpenEdxPublicSignal): EventSchema {
  let schema = schemas.get(signal);
  if (schema === undefined) {
    const { localOnly } = signal.about;
    if (localOnly !== undefined) throw new LocalOnlyError(signal.eventType, localOnly);
    const json = schemaJson(signal);
    schema = Object.freeze({ json, ...writerSchema(pythonJson(json)) });
    schemas.set(signal, schema);
  }
  return schema;
}

/** Adds its fingerprint to the text of a schema. */
export function writerSchema(text: string): WriterSchema {
  return Object.freeze({ text, fingerprint: fingerprintOf(text) });
}

/** Computes the fingerprint of a schema text: the SHA-256 of its UTF-8 bytes as lower-case hex. */
export function fingerprintOf(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

const schemas = new WeakMap<OpenEdxPublicSignal, EventSchema>();
