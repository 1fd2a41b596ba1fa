export { ROLE_ASSIGNMENT_CREATED } from './role-assignment-created.js';
export { RoleAssignmentData } from './role-assignment-data.js';
export { ROLE_ASSIGNMENT_DELETED } from './role-assignment-deleted.js';
