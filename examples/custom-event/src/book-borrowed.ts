// #region define
import { datetime, defineSignal, record, string } from '@openedx-ts/events-core';
import { isbn } from './isbn.js';

/** A reader took a book home. Not in the catalogue: this service defines it, and any other may define the same. */
export const BOOK_BORROWED = defineSignal({
  eventType: 'com.example.library.book.borrowed.v1',
  data: {
    loan: record('LoanData', {
      isbn: isbn({ doc: 'The book.' }),
      title: string(),
      reader: string({ doc: 'The card number of the reader.', pii: 'id' }),
      due: datetime(),
    }),
  },
  doc: 'A reader took a book home.',
  eventKeyField: 'loan.isbn',
});
// #endregion define
