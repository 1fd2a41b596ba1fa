import { UnusableMessageError } from '../errors/wire-errors.js';
import { settings } from '../runtime/settings.js';
import type { TraceContext } from '../runtime/trace-context.js';
import { DateTime } from '../shapes/date-time.js';
import { isUuid } from '../shapes/uuid.js';
import type { Header } from '../wire/message.js';
import { freezeMetadata } from './create-metadata.js';
import type { EventsMetadata, MetadataField } from './events-metadata.js';

/** Whose header names: Kafka has CloudEvents names (`ce_type`), Redis bare ones (`type`). */
export type HeaderNaming = 'kafka' | 'redis';

/** The seven fields of metadata: their header on each bus, how they are written and read. One table for both directions. */
const fields = [
  textField('eventType', 'ce_type', 'type', { isRequired: true }),
  {
    ...textField('id', 'ce_id', 'id', { isRequired: true }),
    read: (text: string) => (isUuid(text) ? text : undefined),
  },
  textField('source', 'ce_source', 'source', { standIn: () => 'unknown' }),
  {
    field: 'time',
    kafka: 'ce_time',
    redis: 'time',
    write: (metadata: EventsMetadata) => metadata.time.iso,
    read: readUtc,
    standIn: () => DateTime.fromEpochMs(settings().clock.now()),
  },
  {
    field: 'minorVersion',
    kafka: 'ce_minorversion',
    redis: 'minorversion',
    write: (metadata: EventsMetadata) => String(metadata.minorVersion),
    read: integerIn,
    standIn: () => 0,
  },
  textField('sourceHost', 'sourcehost', 'sourcehost', { standIn: () => 'unknown' }),
  {
    field: 'sourceLib',
    kafka: 'sourcelib',
    redis: 'sourcelib',
    write: (metadata: EventsMetadata) => metadata.sourceLib.join('.'),
    read: versionIn,
    standIn: () => unknownVersion,
  },
] as const satisfies readonly FieldRow[];

const unknownVersion: readonly number[] = Object.freeze([0, 0, 0]);

interface FieldRow {
  readonly field: MetadataField;
  readonly kafka: string;
  readonly redis: string;
  readonly write: (metadata: EventsMetadata) => string;
  /** The value a header's text stands for, or undefined when it cannot be read. */
  readonly read: (text: string) => unknown;
  /** The value when there is no such header; without it the header is required. */
  readonly standIn?: () => unknown;
}

/** Headers that Kafka peers write besides the metadata, in front of it. */
const kafkaConstants: readonly Header[] = [
  ['ce_specversion', utf8('1.0')],
  ['content-type', utf8('application/avro')],
  ['ce_datacontenttype', utf8('application/avro')],
];

/** Our own headers, which Python services ignore. */
const extras = {
  kafka: { correlationId: 'ce_correlationid', causationId: 'ce_causationid' },
  redis: { correlationId: 'correlationid', causationId: 'causationid' },
} as const;

/**
 * The headers of an event, in the order of the Python services: their own first and byte for byte, then ours where
 * there is something to say.
 */
export function encodeHeaders(metadata: EventsMetadata, naming: HeaderNaming): Header[] {
  const headers: Header[] = naming === 'kafka' ? [...kafkaConstants] : [];
  for (const row of fields) headers.push([row[naming], utf8(row.write(metadata))]);
  const { correlationId, causationId, trace } = metadata;
  if (correlationId !== null) headers.push([extras[naming].correlationId, utf8(correlationId)]);
  if (causationId !== null) headers.push([extras[naming].causationId, utf8(causationId)]);
  if (trace !== null) {
    headers.push(['traceparent', utf8(trace.traceparent)]);
    if (trace.tracestate !== undefined) headers.push(['tracestate', utf8(trace.tracestate)]);
  }
  return headers;
}

/**
 * The metadata in a message's headers. Type and id are required; any other missing field gets a stand-in and is named
 * in `defaulted`, so that it does not pass for something the sender said. Unknown headers are ignored.
 *
 * @throws UnusableMessageError when a required header is missing, one of ours is there twice, or one cannot be read
 */
export function decodeHeaders(headers: readonly Header[], naming: HeaderNaming): EventsMetadata {
  const values = new Map<string, Uint8Array>();
  const doubled = new Set<string>();
  for (const [name, value] of headers) {
    if (values.has(name)) doubled.add(name);
    else values.set(name, value);
  }
  const defaulted: MetadataField[] = [];
  const metadata: Partial<Record<MetadataField, unknown>> = {};
  for (const row of fields as readonly FieldRow[]) {
    const name = row[naming];
    if (doubled.has(name)) throw new UnusableMessageError(`header ${name} is there more than once`, name);
    metadata[row.field] = readField(row, name, values.get(name), defaulted);
  }
  const text = (name: string) => textOf(values.get(name));
  return freezeMetadata({
    ...(metadata as unknown as Omit<EventsMetadata, 'correlationId' | 'causationId' | 'trace' | 'defaulted'>),
    correlationId: text(extras[naming].correlationId) ?? null,
    causationId: text(extras[naming].causationId) ?? null,
    trace: traceOf(text('traceparent'), text('tracestate')),
    defaulted: Object.freeze(defaulted),
  });
}

function readField(
  row: FieldRow,
  name: string,
  bytes: Uint8Array | undefined,
  defaulted: MetadataField[],
): unknown {
  const isMissing = bytes === undefined || bytes.length === 0;
  if (isMissing && row.standIn === undefined)
    throw new UnusableMessageError(`header ${name} is missing`, name);
  if (isMissing) {
    defaulted.push(row.field);
    return row.standIn?.();
  }
  const text = textOf(bytes);
  const value = text === undefined ? undefined : row.read(text);
  if (value === undefined) throw new UnusableMessageError(`header ${name} cannot be read`, name);
  return value;
}

function textField(
  field: 'eventType' | 'id' | 'source' | 'sourceHost',
  kafka: string,
  redis: string,
  absence: { readonly isRequired: true } | { readonly standIn: () => string },
) {
  return {
    field,
    kafka,
    redis,
    write: (metadata: EventsMetadata) => metadata[field],
    read: (text: string): string | undefined => text,
    ...('standIn' in absence ? { standIn: absence.standIn } : {}),
  };
}

/** Times travel in UTC; Python peers refuse any other offset, and so do we. */
function readUtc(text: string): DateTime | undefined {
  try {
    const time = DateTime.parse(text);
    return /(?:Z|[+-]00:00)$/.test(text) ? time : undefined;
  } catch {
    return undefined;
  }
}

function integerIn(text: string): number | undefined {
  const value = /^-?\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(value) ? value : undefined;
}

function versionIn(text: string): readonly number[] | undefined {
  if (text.length > 200) return undefined;
  const version = text.split('.').map((part) => (part.startsWith('-') ? undefined : integerIn(part)));
  return version.includes(undefined) ? undefined : Object.freeze(version as number[]);
}

function traceOf(traceparent: string | undefined, tracestate: string | undefined): TraceContext | null {
  if (traceparent === undefined) return null;
  return tracestate === undefined ? { traceparent } : { traceparent, tracestate };
}

function utf8(text: string): Uint8Array {
  return Buffer.from(text, 'utf8');
}

function textOf(bytes: Uint8Array | undefined): string | undefined {
  if (bytes === undefined) return undefined;
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
