import { defineSignal } from '@openedx-ts/events-core';
import { LtiProviderLaunchData } from './lti-provider-launch-data.js';

/** A user opened content through an LTI launch. */
export const LTI_PROVIDER_LAUNCH_SUCCESS = defineSignal({
  eventType: 'org.openedx.learning.lti_provider.launch.success.v1',
  data: { launch_data: LtiProviderLaunchData },
  doc: 'A user opened content through an LTI launch.',
  eventKeyField: 'launch_data.course_key',
  producedBy: ['openedx/openedx-platform'],
  since: '10.3.0',
});
