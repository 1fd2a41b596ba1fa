import { courseKey } from '@openedx-ts/events-catalog/keys';
import {
  boolean,
  custom,
  datetime,
  defineSignal,
  double,
  enumeration,
  json,
  list,
  long,
  map,
  optional,
  record,
  string,
  uuid,
  withDefault,
} from '@openedx-ts/events-core';

/** An amount in a currency, e.g. `12.30 EUR`: a type of a service's own, with a class on either side. */
export class Money {
  readonly amount: string;
  readonly currency: string;

  constructor(amount: string, currency: string) {
    this.amount = amount;
    this.currency = currency;
  }

  static parse(text: string): Money {
    const [, amount, currency] = /^(-?\d+(?:\.\d+)?) ([A-Z]{3})$/.exec(text) ?? [];
    if (amount === undefined || currency === undefined) throw new Error('expected e.g. 12.30 EUR');
    return new Money(amount, currency);
  }

  toString(): string {
    return `${this.amount} ${this.currency}`;
  }
}

const money = custom<Money, Money, 'string'>({
  name: 'Money',
  wire: 'string',
  normalize: (value) => Money.parse(String(value)),
  toWire: String,
  fromWire: Money.parse,
  sample: () => new Money('-0.05', 'EUR'),
});

/** A record inside others. */
export const address = record('AddressData', { street: string(), floor: optional(long()) });

/** An event outside the catalogue, with every kind of field that all versions hold; python/parcels has the same. */
export const parcelShipped = defineSignal({
  eventType: 'org.example.interop.parcel.shipped.v1',
  minorVersion: 2,
  eventKeyField: 'parcel.number',
  data: {
    parcel: record('ParcelData', {
      number: uuid(),
      course_key: courseKey(),
      shipped_at: datetime(),
      price: money,
      insured_for: optional(money),
      is_fragile: boolean(),
      pieces: long(),
      weight: double(),
      label: string(),
      kind: enumeration(['letter', 'box']),
      customs: json(),
      labels: list(string()),
      codes: list(uuid()),
      scanned_at: list(datetime()),
      sizes: list(long()),
      weights: list(double()),
      checks: list(boolean()),
      stamps: map(long()),
      sender: address,
      receiver: optional(address),
      note: optional(string()),
      attempts: withDefault(long(), 3),
      is_tracked: withDefault(boolean(), true),
    }),
  },
});
