import {
  bytes,
  custom,
  defineSignal,
  double,
  list,
  long,
  map,
  optional,
  record,
  string,
  withDefault,
} from '@openedx-ts/events-core';

/** An amount of money, written as `12.50 EUR`. */
export class Money {
  readonly cents: number;
  readonly currency: string;

  constructor(cents: number, currency: string) {
    this.cents = cents;
    this.currency = currency;
  }
}

const money = custom<Money, Money, 'string'>({
  name: 'Money',
  wire: 'string',
  normalize: (value) => value,
  toWire: ({ cents, currency }) => `${(cents / 100).toFixed(2)} ${currency}`,
  fromWire: (text) => {
    const [, units, cents, currency] = /^(\d+)\.(\d\d) ([A-Z]{3})$/.exec(text) ?? [];
    if (units === undefined || currency === undefined)
      throw new Error('expected an amount such as 12.50 EUR');
    return new Money(Number(units) * 100 + Number(cents), currency);
  },
});

const Line = record('InvoiceLine', { title: string(), total: money });

/** An invoice was paid; an event that only tests know. */
export const INVOICE_PAID = defineSignal({
  eventType: 'com.example.billing.invoice.paid.v1',
  doc: 'An invoice was paid.',
  eventKeyField: 'invoice.number',
  data: {
    invoice: record('InvoiceData', {
      number: long({ doc: 'The number on the paper.' }),
      total: money,
      lines: list(Line),
      rates: map(double()),
      note: optional(string({ pii: 'other' })),
      channel: withDefault(string(), 'web'),
      seal: bytes(),
    }),
  },
});

/** An event that may not leave its process. */
export const DRAFT_SAVED = defineSignal({
  eventType: 'com.example.billing.draft.saved.v1',
  deprecated: 'drafts are gone',
  localOnly: 'drafts are nobody else’s business',
  data: { draft: string() },
});
