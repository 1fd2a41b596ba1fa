import { custom, long, type PayloadFields, record } from '@openedx-ts/events-core';
import type { SignalDetails } from '@openedx-ts/events-core/bus';

/** What a change of a definition breaks: who cannot read, the key of events, or the mask of personal data. */
export type Breakage = 'backward' | 'forward' | 'key' | 'pii';

/** A change of a definition, with data that each side sends. */
export interface SeededChange {
  readonly name: string;
  readonly before: SignalDetails<PayloadFields>;
  /** Undefined: the event is no longer defined. */
  readonly after: SignalDetails<PayloadFields> | undefined;
  /** Payloads; the first of both sides are the same event, as far as the definitions allow. */
  readonly sentBefore: readonly object[];
  readonly sentAfter: readonly object[];
  readonly breaks: readonly Breakage[];
}

/** A definition besides its data. */
export type Details = Partial<Omit<SignalDetails<PayloadFields>, 'data'>>;
/** Fields of the record. */
export type Inner = Parameters<typeof record>[1];

/** A custom type: 13 digits. */
export const isbn = custom<string, string, 'string'>({
  name: 'Isbn',
  wire: 'string',
  normalize: digits,
  toWire: (value) => value,
  fromWire: digits,
});

function digits(value: string): string {
  if (!/^\d{13}$/.test(value)) throw new Error('expected 13 digits');
  return value;
}

/** An event whose data is one record `item` with an `id` and these fields. */
export function item(fields: Inner, details: Details = {}, name = 'ItemData'): SignalDetails<PayloadFields> {
  return {
    ...details,
    data: { item: record(name, { id: long(), ...fields }) },
  } as unknown as SignalDetails<PayloadFields>;
}

/** Payloads of `item`, each with an `id`. */
export const sent = (...values: object[]) => values.map((fields) => ({ item: { id: 7, ...fields } }));
