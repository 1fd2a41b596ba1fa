import { defineSignal } from '@openedx-ts/events-core';
import { EnterpriseGroup } from './enterprise-group.js';

/** A group of enterprise learners was deleted. */
export const ENTERPRISE_GROUP_DELETED = defineSignal({
  eventType: 'org.openedx.enterprise.enterprise_group.deleted.v1',
  data: { enterprise_group: EnterpriseGroup },
  doc: 'A group of enterprise learners was deleted.',
  eventKeyField: 'enterprise_group.uuid',
  producedBy: ['openedx/edx-enterprise'],
  since: '10.4.0',
});
