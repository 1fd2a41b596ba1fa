import { boolean, datetime, long, type OutputOf, optional, record, uuid } from '@openedx-ts/events-core';

/** The link between an LMS user and an enterprise customer. */
export const EnterpriseCustomerUser = record(
  'EnterpriseCustomerUser',
  {
    id: long({ doc: 'The database id of the link.' }),
    created: datetime({ doc: 'When the link was made.' }),
    modified: datetime({ doc: 'When the link last changed.' }),
    enterprise_customer_uuid: uuid({ doc: 'The id of the enterprise customer.' }),
    user_id: long({ doc: 'The LMS user id.', pii: 'id' }),
    active: boolean({ doc: 'Whether this is the customer the user currently acts for.' }),
    linked: boolean({ doc: 'Whether the user is still linked to the customer.' }),
    is_relinkable: boolean({ doc: 'Whether the user may be linked again.' }),
    should_inactivate_other_customers: boolean({
      doc: 'Whether saving the link makes the other links of the user inactive.',
    }),
    invite_key: optional(uuid(), { doc: 'The id of the invitation by which the user was linked.' }),
  },
  { doc: 'The link between an LMS user and an enterprise customer.' },
);
export type EnterpriseCustomerUser = OutputOf<typeof EnterpriseCustomerUser>;
