import { defineSignal } from '@openedx-ts/events-core';
import { LedgerTransaction } from './ledger-transaction.js';

/** A transaction of a subsidy ledger failed. */
export const LEDGER_TRANSACTION_FAILED = defineSignal({
  eventType: 'org.openedx.enterprise.subsidy_ledger_transaction.failed.v1',
  data: { ledger_transaction: LedgerTransaction },
  doc: 'A transaction of a subsidy ledger failed.',
  eventKeyField: 'ledger_transaction.uuid',
  producedBy: ['openedx/enterprise-subsidy'],
  since: '9.11.0',
});
