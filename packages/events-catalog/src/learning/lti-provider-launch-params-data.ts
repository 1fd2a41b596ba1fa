import { map, type OutputOf, record, string, withDefault } from '@openedx-ts/events-core';

/** The parameters of an LTI launch. */
export const LtiProviderLaunchParamsData = record(
  'LtiProviderLaunchParamsData',
  {
    roles: string({ doc: 'The LTI roles, separated by commas.' }),
    context_id: string({ doc: 'The LTI id of the context (usually the course) on the consumer side.' }),
    user_id: string({ doc: 'The id of the user on the consumer side.', pii: ['id', 'external_service'] }),
    extra_params: withDefault(
      map(string()),
      {},
      { doc: 'All other parameters; consumers often send names and addresses in them.', pii: 'other' },
    ),
  },
  { doc: 'The parameters of an LTI launch.' },
);
export type LtiProviderLaunchParamsData = OutputOf<typeof LtiProviderLaunchParamsData>;
