import { InvalidMetadataError } from '../errors/data-errors.js';
import { createMetadata } from './create-metadata.js';
import type { EventsMetadata } from './events-metadata.js';

/** Metadata as JSON, in the form and key order of the reference's `to_json`; extras only where there are any. */
export interface MetadataJson {
  readonly event_type: string;
  readonly id: string;
  readonly minorversion: number;
  readonly source: string;
  readonly sourcehost: string;
  readonly time: string;
  readonly sourcelib: readonly number[];
  readonly correlationid?: string;
  readonly causationid?: string;
  readonly traceparent?: string;
  readonly tracestate?: string;
}

/** The JSON form of metadata. */
export function metadataToJson(metadata: EventsMetadata): MetadataJson {
  const { correlationId, causationId, trace } = metadata;
  return {
    event_type: metadata.eventType,
    id: metadata.id,
    minorversion: metadata.minorVersion,
    source: metadata.source,
    sourcehost: metadata.sourceHost,
    time: metadata.time.iso,
    sourcelib: metadata.sourceLib,
    ...(correlationId === null ? {} : { correlationid: correlationId }),
    ...(causationId === null ? {} : { causationid: causationId }),
    ...(trace === null ? {} : trace),
  };
}

/**
 * Metadata from its JSON form. All seven fields but `minorversion` are required, as in the reference, whose reader
 * forgets `minorversion`; this one keeps it.
 *
 * @throws InvalidMetadataError naming the field
 */
export function metadataFromJson(json: unknown): EventsMetadata {
  if (typeof json !== 'object' || json === null)
    throw new InvalidMetadataError('*', 'expected a JSON object');
  const form = json as Readonly<Record<string, unknown>>;
  const text = (field: keyof MetadataJson): string => {
    const value = form[field];
    if (typeof value !== 'string') throw new InvalidMetadataError(field, 'expected text');
    return value;
  };
  const optionalText = (field: keyof MetadataJson) => (form[field] == null ? null : text(field));
  const { sourcelib: sourceLib, minorversion: minorVersion } = form;
  if (minorVersion !== undefined && typeof minorVersion !== 'number')
    throw new InvalidMetadataError('minorversion', 'expected an integer');
  if (!Array.isArray(sourceLib)) throw new InvalidMetadataError('sourcelib', 'expected a list of integers');
  const traceparent = optionalText('traceparent');
  const tracestate = optionalText('tracestate');
  return createMetadata({
    eventType: text('event_type'),
    id: text('id'),
    minorVersion,
    source: text('source'),
    sourceHost: text('sourcehost'),
    time: text('time'),
    sourceLib,
    correlationId: optionalText('correlationid'),
    causationId: optionalText('causationid'),
    trace: traceparent === null ? null : { traceparent, ...(tracestate === null ? {} : { tracestate }) },
  });
}
