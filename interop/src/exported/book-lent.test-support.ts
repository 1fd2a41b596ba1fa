import { courseKey } from '@openedx-ts/events-catalog/keys';
import {
  boolean,
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

const Reader = record('ReaderData', { name: string({ pii: 'name' }), floor: optional(long()) });

/** An event that only TypeScript defines; Python gets its definition from `openedx-events export python`. */
export const bookLent = defineSignal({
  eventType: 'org.example.interop.book.lent.v1',
  minorVersion: 3,
  doc: 'A book was lent.',
  eventKeyField: 'loan.number',
  data: {
    loan: record('LoanData', {
      number: uuid(),
      course_key: courseKey(),
      lent_at: datetime(),
      state: enumeration(['new', 'worn']),
      extra: json(),
      is_fragile: boolean(),
      pages: long(),
      price: double(),
      labels: list(string()),
      marks: map(long()),
      reader: Reader,
      guarantor: optional(Reader),
      title: withDefault(string(), ''),
    }),
  },
});
