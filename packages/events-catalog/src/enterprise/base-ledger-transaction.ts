import { datetime, long, type OutputOf, record, string, uuid } from '@openedx-ts/events-core';

/** What every record of a subsidy ledger has. No event carries it as such. */
export const BaseLedgerTransaction = record(
  'BaseLedgerTransaction',
  {
    uuid: uuid({ doc: 'The id of the record.' }),
    created: datetime({ doc: 'When the record was made.' }),
    modified: datetime({ doc: 'When the record last changed.' }),
    idempotency_key: string({ doc: 'The key by which the ledger recognises the same request made twice.' }),
    quantity: long({
      doc: 'The amount in the smallest unit of the ledger, e.g. US cents; negative when value is taken out.',
    }),
    state: string({ doc: 'How far it got: `created`, `pending`, `committed` or `failed`.' }),
  },
  { doc: 'What every record of a subsidy ledger has. No event carries it as such.' },
);
export type BaseLedgerTransaction = OutputOf<typeof BaseLedgerTransaction>;
