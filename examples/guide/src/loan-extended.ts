import { datetime, defineSignal, record, string } from '@openedx-ts/events-core';

/** An event of this service: a loan was extended. */
export const LOAN_EXTENDED = defineSignal({
  eventType: 'com.example.library.loan.extended.v1',
  eventKeyField: 'loan.isbn',
  data: { loan: record('ExtendedLoan', { isbn: string(), due: datetime() }) },
});
