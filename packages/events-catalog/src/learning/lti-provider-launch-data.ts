import { type OutputOf, record } from '@openedx-ts/events-core';
import { described } from '../described.js';
import { courseKey, usageKey } from '../keys.js';
import { LtiProviderLaunchParamsData } from './lti-provider-launch-params-data.js';
import { UserData } from './user-data.js';

/** An LTI launch: who opened what, with which parameters. */
export const LtiProviderLaunchData = record(
  'LtiProviderLaunchData',
  {
    user: described(UserData, 'The user in Open edX.'),
    course_key: courseKey({ doc: 'The key of the course run.' }),
    usage_key: usageKey({ doc: 'The key of the content that was opened.' }),
    launch_params: described(LtiProviderLaunchParamsData, 'The parameters of the launch.'),
  },
  { doc: 'An LTI launch: who opened what, with which parameters.' },
);
export type LtiProviderLaunchData = OutputOf<typeof LtiProviderLaunchData>;
