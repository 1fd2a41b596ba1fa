import type { EventsMetadata, MetadataField } from '../metadata/events-metadata.js';
import { runtime } from '../runtime/runtime.js';
import { DateTime } from '../shapes/date-time.js';
import { readDateTime } from '../shapes/read-date-time.js';
import { fromPythonUuid, isUuid } from '../shapes/uuid.js';
import { utf8 } from './header-text.js';

/** How a field of metadata is written and read. */
export interface FieldRow<T> {
  readonly field: MetadataField;
  /** Where it stands among the seven, from 0. */
  readonly place: number;
  readonly kafka: string;
  readonly redis: string;
  /** Whether it differs little from event to event, so that it is worth remembering. */
  readonly isSteady: boolean;
  readonly write: (metadata: EventsMetadata) => Uint8Array;
  /** The value a header's text stands for, or undefined when it cannot be read. */
  readonly read: (text: string) => T | undefined;
  /** The value when there is no such header; without it the header is required. */
  readonly standIn?: () => T;
}

const unknownVersion: readonly number[] = Object.freeze([0, 0, 0]);

/** The seven fields of metadata, in wire order: their header on each bus, how they are written and read. */
export const fields = {
  eventType: textField(0, 'eventType', 'ce_type', 'type', {}),
  id: {
    ...textField(1, 'id', 'ce_id', 'id', {}),
    isSteady: false,
    write: ({ id }: EventsMetadata) => utf8(id),
    read: (text: string) => (isUuid(text) ? text : fromPythonUuid(text)),
  },
  source: textField(2, 'source', 'ce_source', 'source', { standIn: () => 'unknown' }),
  time: {
    field: 'time',
    place: 3,
    kafka: 'ce_time',
    redis: 'time',
    isSteady: false,
    write: ({ time }: EventsMetadata) => utf8(time.iso),
    read: readUtc,
    standIn: () => DateTime.fromEpochMs(runtime().clock.now()),
  },
  minorVersion: {
    field: 'minorVersion',
    place: 4,
    kafka: 'ce_minorversion',
    redis: 'minorversion',
    isSteady: true,
    write: repeated(({ minorVersion }) => minorVersion, String),
    read: integerIn,
    standIn: () => 0,
  },
  sourceHost: textField(5, 'sourceHost', 'sourcehost', 'sourcehost', { standIn: () => 'unknown' }),
  sourceLib: {
    field: 'sourceLib',
    place: 6,
    kafka: 'sourcelib',
    redis: 'sourcelib',
    isSteady: true,
    write: repeated(
      ({ sourceLib }) => sourceLib,
      (version) => version.join('.'),
    ),
    read: versionIn,
    standIn: () => unknownVersion,
  },
} as const satisfies { readonly [F in MetadataField]: FieldRow<EventsMetadata[F]> };

function textField(
  place: number,
  field: 'eventType' | 'id' | 'source' | 'sourceHost',
  kafka: string,
  redis: string,
  absence: { readonly standIn?: () => string },
) {
  return {
    field,
    place,
    kafka,
    redis,
    isSteady: true,
    write: repeated((metadata) => metadata[field], String),
    read: (text: string): string | undefined => text,
    ...absence,
  };
}

/** Times travel in UTC; Python peers refuse any other offset, and so do we. */
function readUtc(text: string): DateTime | undefined {
  try {
    const time = readDateTime(text);
    return /(?:Z|[+-]00:00)$/.test(time.iso) ? time : undefined;
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

/** The bytes of a field that differs little from event to event: made again only when it does. */
function repeated<T>(
  valueIn: (metadata: EventsMetadata) => T,
  textOfValue: (value: T) => string,
): (metadata: EventsMetadata) => Uint8Array {
  const bytesOf = lastRemembered((value: T) => utf8(textOfValue(value)));
  return (metadata) => bytesOf(valueIn(metadata));
}

/** A function that answers at once when it is asked the same again. */
function lastRemembered<A, R>(answer: (question: A) => R): (question: A) => R {
  let last: { readonly question: A; readonly answer: R } | undefined;
  return (question) => {
    if (last === undefined || last.question !== question) last = { question, answer: answer(question) };
    return last.answer;
  };
}
