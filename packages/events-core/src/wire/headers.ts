import { UnusableMessageError } from '../errors/wire-errors.js';
import { freezeMetadata } from '../metadata/create-metadata.js';
import type { EventsMetadata, MetadataField } from '../metadata/events-metadata.js';
import type { TraceContext } from '../runtime/trace-context.js';
import { type FieldRow, fields } from './header-fields.js';
import { textOf, utf8 } from './header-text.js';
import { LastDecodedCache } from './last-decoded-cache.js';
import type { Header } from './message.js';

/** Whose header names: Kafka has CloudEvents names (`ce_type`), Redis bare ones (`type`). */
export type HeaderNaming = 'kafka' | 'redis';

const rows: readonly FieldRow<unknown>[] = Object.values(fields);

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

/** Where each header that is read goes in the list of those found. */
const places = { kafka: placesOf('kafka'), redis: placesOf('redis') };

/** The places behind those of the seven fields. */
const [CORRELATION_ID, CAUSATION_ID, TRACEPARENT, TRACESTATE] = [7, 8, 9, 10] as const;

function placesOf(naming: HeaderNaming): ReadonlyMap<string, number> {
  const { correlationId, causationId } = extras[naming];
  const names = [...rows.map((row) => row[naming]), correlationId, causationId, 'traceparent', 'tracestate'];
  return new Map(names.map((name, place) => [name, place]));
}

/**
 * The headers of an event, in the order of the Python services: their own first and byte for byte, then ours where
 * there is something to say.
 */
export function encodeHeaders(metadata: EventsMetadata, naming: HeaderNaming): Header[] {
  const headers: Header[] = naming === 'kafka' ? [...kafkaConstants] : [];
  for (const row of rows) headers.push([row[naming], row.write(metadata)]);
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
 * in `defaulted`, so that it does not pass for a value of the sender. Unknown headers are ignored.
 *
 * @throws UnusableMessageError when a required header is missing, one of ours is there twice, or one cannot be read
 */
export function decodeHeaders(headers: readonly Header[], naming: HeaderNaming): EventsMetadata {
  const found = findHeaders(headers, naming);
  const defaulted: MetadataField[] = [];
  const read = <T>(row: FieldRow<T>): T => readField(row, row[naming], found, defaulted);
  const text = (place: number) => textOf(found.values[place]);
  return freezeMetadata({
    eventType: read(fields.eventType),
    id: read(fields.id),
    source: read(fields.source),
    time: read(fields.time),
    minorVersion: read(fields.minorVersion),
    sourceHost: read(fields.sourceHost),
    sourceLib: read(fields.sourceLib),
    correlationId: text(CORRELATION_ID) ?? null,
    causationId: text(CAUSATION_ID) ?? null,
    trace: traceOf(text(TRACEPARENT), text(TRACESTATE)),
    defaulted: defaulted.length === 0 ? nothingDefaulted : Object.freeze(defaulted),
  });
}

const steady = new LastDecodedCache();

const nothingDefaulted: readonly MetadataField[] = Object.freeze([]);

/** The headers that are read, by place; of those that are there twice, the first. */
interface FoundHeaders {
  readonly values: readonly (Uint8Array | null | undefined)[];
  readonly doubled: ReadonlySet<string> | undefined;
}

function findHeaders(headers: readonly Header[], naming: HeaderNaming): FoundHeaders {
  const placeOf = places[naming];
  const values: (Uint8Array | null | undefined)[] = new Array(placeOf.size).fill(undefined);
  let doubled: Set<string> | undefined;
  for (const [name, value] of headers) {
    const place = placeOf.get(name);
    if (place === undefined) continue;
    if (values[place] === undefined) values[place] = value;
    else doubled = (doubled ?? new Set()).add(name);
  }
  return { values, doubled };
}

function readField<T>(
  row: FieldRow<T>,
  name: string,
  { values, doubled }: FoundHeaders,
  defaulted: MetadataField[],
): T {
  if (doubled?.has(name)) throw new UnusableMessageError(`header ${name} is there more than once`, name);
  const bytes = values[row.place];
  if (bytes === undefined || bytes === null || bytes.length === 0) {
    if (row.standIn === undefined) throw new UnusableMessageError(`header ${name} is missing`, name);
    defaulted.push(row.field);
    return row.standIn();
  }
  const known = row.isSteady ? steady.recall(row.place, bytes) : undefined;
  if (known !== undefined) return known as T;
  const text = textOf(bytes);
  const value = text === undefined ? undefined : row.read(text);
  if (value === undefined) throw new UnusableMessageError(`header ${name} cannot be read`, name);
  if (row.isSteady) steady.remember(row.place, bytes, value);
  return value;
}

function traceOf(traceparent: string | undefined, tracestate: string | undefined): TraceContext | null {
  if (traceparent === undefined) return null;
  return tracestate === undefined ? { traceparent } : { traceparent, tracestate };
}
