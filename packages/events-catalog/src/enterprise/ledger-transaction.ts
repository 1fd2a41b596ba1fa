import { long, type OutputOf, optional, record, string, uuid } from '@openedx-ts/events-core';
import { courseKey } from '../keys.js';
import { BaseLedgerTransaction } from './base-ledger-transaction.js';
import { LedgerTransactionReversal } from './ledger-transaction-reversal.js';

/** A movement of value in a subsidy ledger. */
export const LedgerTransaction = record(
  'LedgerTransaction',
  {
    ...BaseLedgerTransaction.fields,
    ledger_uuid: uuid({ doc: 'The id of the ledger.' }),
    subsidy_access_policy_uuid: uuid({ doc: 'The id of the policy that allowed it.' }),
    lms_user_id: long({ doc: 'The LMS user id of the learner it was for.', pii: 'id' }),
    content_key: courseKey({ doc: 'The key of the course run it was for.' }),
    parent_content_key: optional(string(), {
      doc: 'The key, as text, of the course that the run belongs to.',
    }),
    fulfillment_identifier: optional(string(), { doc: 'The id of the enrollment that was paid for.' }),
    reversal: optional(LedgerTransactionReversal, {
      doc: 'The record that undoes it; null as long as there is none.',
    }),
  },
  { doc: 'A movement of value in a subsidy ledger.' },
);
export type LedgerTransaction = OutputOf<typeof LedgerTransaction>;
