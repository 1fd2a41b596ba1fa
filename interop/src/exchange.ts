import type { OpenEdxPublicSignal } from '@openedx-ts/events-core';
import type { MetadataJson } from '@openedx-ts/events-core/bus';
import { differences } from './differences.js';
import { type Filling, fillings, type RecordObject, sampleRecord } from './sample-records.js';

/** An event that is sent from one side to the other. */
export interface InteropCase {
  /** `<event type> <filling>` */
  readonly name: string;
  readonly signal: OpenEdxPublicSignal;
  readonly filling: Filling;
  /** What is given to the sender. */
  readonly data: RecordObject;
}

/** What a side reports about an event: its metadata, and its data as Avro record dictionary. */
export interface EventForm {
  readonly metadata: MetadataJson;
  readonly data: RecordObject;
}

/** What became of the cases in one direction. */
export interface Exchange {
  /** As the sender sent them, by case name. */
  readonly sent: ReadonlyMap<string, EventForm>;
  /** Why the sender could not send some of the cases, by case name. */
  readonly refused: ReadonlyMap<string, string>;
  /** What receivers on the other side got, by event id, in order. */
  readonly received: ReadonlyMap<string, readonly EventForm[]>;
  /** What went wrong on the way, as either side logged it. */
  readonly errors: readonly string[];
}

/** The differences between what was sent and what arrived, by filling; none where all arrived as sent. */
export type Outcome = Readonly<Record<Filling, readonly string[]>>;

/** The cases of some signals: each with every filling. */
export function casesOf(signals: readonly OpenEdxPublicSignal[]): readonly InteropCase[] {
  return signals.flatMap((signal) =>
    fillings.map((filling) => ({
      name: `${signal.eventType} ${filling}`,
      signal,
      filling,
      data: sampleRecord(signal, filling),
    })),
  );
}

/** How the events of a type that arrived differ from those that were sent, by filling. */
export function outcomeOf(exchange: Exchange, eventType: string): Outcome {
  const outcome = (filling: Filling): readonly string[] => {
    const name = `${eventType} ${filling}`;
    const refused = exchange.refused.get(name);
    if (refused !== undefined) return [`not sent: ${refused}`];
    const sent = exchange.sent.get(name);
    if (sent === undefined) return ['it was not sent', ...exchange.errors];
    const [received, ...again] = exchange.received.get(sent.metadata.id) ?? [];
    if (received === undefined) return ['it did not arrive', ...exchange.errors];
    if (again.length > 0) return [`it arrived ${1 + again.length} times`];
    return [
      ...differences(pythonFields(sent.metadata), pythonFields(received.metadata), 'metadata'),
      ...differences(sent.data, received.data),
    ];
  };
  return { full: outcome('full'), sparse: outcome('sparse'), falsy: outcome('falsy') };
}

/** Python has no fields for where an event came from; it leaves them out. */
function pythonFields(metadata: MetadataJson): object {
  const { correlationid: _1, causationid: _2, traceparent: _3, tracestate: _4, ...fields } = metadata;
  return fields;
}
