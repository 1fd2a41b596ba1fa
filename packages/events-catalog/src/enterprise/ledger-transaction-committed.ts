import { defineSignal } from '@openedx-ts/events-core';
import { LedgerTransaction } from './ledger-transaction.js';

/** A transaction of a subsidy ledger became final. */
export const LEDGER_TRANSACTION_COMMITTED = defineSignal({
  eventType: 'org.openedx.enterprise.subsidy_ledger_transaction.committed.v1',
  data: { ledger_transaction: LedgerTransaction },
  doc: 'A transaction of a subsidy ledger became final.',
  eventKeyField: 'ledger_transaction.uuid',
  producedBy: ['openedx/enterprise-subsidy'],
  since: '9.11.0',
});
