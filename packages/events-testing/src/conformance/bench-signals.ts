import {
  boolean,
  bytes,
  datetime,
  defineSignal,
  double,
  enumeration,
  json,
  list,
  long,
  map,
  type OpenEdxPublicSignal,
  optional,
  type PayloadFields,
  record,
  string,
  uuid,
  withDefault,
} from '@openedx-ts/events-core';
import type { EventType } from '@openedx-ts/events-core/bus';

const itemFields = {
  item: record('ConformanceItem', {
    key: string(),
    number: long(),
    text: withDefault(string(), ''),
    note: optional(string()),
  }),
} satisfies PayloadFields;

const richFields = {
  rich: record('ConformanceRich', {
    key: string(),
    flag: boolean(),
    count: long(),
    ratio: double(),
    blob: bytes(),
    words: list(string()),
    scores: map(long()),
    inner: record('ConformanceInner', { name: string(), note: optional(string()) }),
    parts: list(record('ConformancePart', { id: long(), weight: optional(double()) })),
    mode: enumeration(['audit', 'verified']),
    at: datetime(),
    trace: uuid(),
    extra: json(),
    maybe_text: optional(string()),
    maybe_count: optional(long()),
    maybe_flag: optional(boolean()),
    maybe_words: optional(list(string())),
  }),
  label: string(),
} satisfies PayloadFields;

/** The payload of the suite's plain events: numbered, under a key. */
export type ItemFields = typeof itemFields;
/** The payload of the suite's event with a field of each kind. */
export type RichFields = typeof richFields;
/** A plain event of the suite. */
export type ItemSignal = OpenEdxPublicSignal<ItemFields>;

/** The signals of one test; they must be defined inside `isolateSignals()`. */
export interface BenchSignals {
  readonly item: ItemSignal;
  /** Another type with the same payload. */
  readonly other: ItemSignal;
  readonly rich: OpenEdxPublicSignal<RichFields>;
}

/** Defines the signals of a test. */
export function defineBenchSignals(): BenchSignals {
  const type = (subject: string): EventType => `org.openedx.conformance.${subject}.happened.v1`;
  return {
    item: defineSignal({ eventType: type('item'), data: itemFields }),
    other: defineSignal({ eventType: type('other'), data: itemFields }),
    rich: defineSignal({ eventType: type('rich'), data: richFields, minorVersion: 3 }),
  };
}

/** A type that no test defines. */
export const unheardType: EventType = 'org.openedx.conformance.unheard.happened.v1';
