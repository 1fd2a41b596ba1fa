import { defineSignal } from '@openedx-ts/events-core';
import { LedgerTransaction } from './ledger-transaction.js';

/** A transaction was opened in a subsidy ledger. */
export const LEDGER_TRANSACTION_CREATED = defineSignal({
  eventType: 'org.openedx.enterprise.subsidy_ledger_transaction.created.v1',
  data: { ledger_transaction: LedgerTransaction },
  doc: 'A transaction was opened in a subsidy ledger.',
  eventKeyField: 'ledger_transaction.uuid',
  producedBy: ['openedx/enterprise-subsidy'],
  since: '9.11.0',
});
