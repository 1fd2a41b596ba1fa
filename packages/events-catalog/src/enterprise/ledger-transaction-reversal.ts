import { type OutputOf, record } from '@openedx-ts/events-core';
import { BaseLedgerTransaction } from './base-ledger-transaction.js';

/** The record that undoes a ledger transaction. */
export const LedgerTransactionReversal = record(
  'LedgerTransactionReversal',
  {
    ...BaseLedgerTransaction.fields,
  },
  { doc: 'The record that undoes a ledger transaction.' },
);
export type LedgerTransactionReversal = OutputOf<typeof LedgerTransactionReversal>;
