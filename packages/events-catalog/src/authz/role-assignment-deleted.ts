import { defineSignal } from '@openedx-ts/events-core';
import { RoleAssignmentData } from './role-assignment-data.js';

/** A role in a scope was taken from a subject. */
export const ROLE_ASSIGNMENT_DELETED = defineSignal({
  eventType: 'org.openedx.authz.role_assignment.deleted',
  irregularEventType: 'The reference published it without a major version.',
  data: { role_assignment: RoleAssignmentData },
  doc: 'A role in a scope was taken from a subject.',
  eventKeyField: 'role_assignment.subject',
  producedBy: ['openedx/openedx-authz'],
  since: '11.2.0',
});
