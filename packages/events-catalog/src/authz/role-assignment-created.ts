import { defineSignal } from '@openedx-ts/events-core';
import { RoleAssignmentData } from './role-assignment-data.js';

/** A subject was given a role in a scope. */
export const ROLE_ASSIGNMENT_CREATED = defineSignal({
  eventType: 'org.openedx.authz.role_assignment.created',
  irregularEventType: 'The reference published it without a major version.',
  data: { role_assignment: RoleAssignmentData },
  doc: 'A subject was given a role in a scope.',
  eventKeyField: 'role_assignment.subject',
  producedBy: ['openedx/openedx-authz'],
  since: '11.2.0',
});
