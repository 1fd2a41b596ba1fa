const discussionsConfiguration = 'org.openedx.learning.discussions.configuration.changed.v1';

/** The default of this field is the class `dict` itself, a mistake of the definition. */
const classInsteadOfMap = `configuration.plugin_configuration: {} → "<class 'dict'>"`;

/**
 * What Python's consumer makes of values that are empty in a field with a default: its deserializer takes them for
 * missing, and the receiver gets the default. The bytes are right, and a TypeScript receiver gets what was sent. By event
 * type; all others arrive as they were sent.
 */
export const pythonLosses: Readonly<Record<string, readonly string[]>> = {
  'org.example.interop.parcel.shipped.v1': [
    'parcel.sender.floor: 0 → null',
    'parcel.receiver.floor: 0 → null',
    'parcel.note: "" → null',
    'parcel.attempts: 0 → 3',
    'parcel.is_tracked: false → true',
  ],
  'org.openedx.enterprise.learner_credit_course_enrollment.revoked.v1': [
    'learner_credit_course_enrollment.enterprise_course_enrollment.source_slug: "" → null',
    'learner_credit_course_enrollment.enterprise_course_enrollment.unenrolled: false → null',
  ],
  ...inEach(
    [
      'org.openedx.enterprise.subsidy_ledger_transaction.committed.v1',
      'org.openedx.enterprise.subsidy_ledger_transaction.created.v1',
      'org.openedx.enterprise.subsidy_ledger_transaction.failed.v1',
      'org.openedx.enterprise.subsidy_ledger_transaction.reversed.v1',
    ],
    [
      'ledger_transaction.parent_content_key: "" → null',
      'ledger_transaction.fulfillment_identifier: "" → null',
    ],
  ),
  ...inEach(
    ['org.openedx.learning.badge.awarded.v1', 'org.openedx.learning.badge.revoked.v1'],
    [
      'badge.template.name: "" → null',
      'badge.template.description: "" → null',
      'badge.template.image_url: "" → null',
    ],
  ),
  ...inEach(
    ['org.openedx.authz.role_assignment.created', 'org.openedx.authz.role_assignment.deleted'],
    ['role_assignment.actor_id: 0 → null'],
  ),
  'org.openedx.learning.ccx.course.passing.status.updated.v1': [
    'course_passing_status.course.start: "" → null',
    'course_passing_status.course.end: "" → null',
    'course_passing_status.course.max_students_allowed: 0 → null',
  ],
  [discussionsConfiguration]: [
    'configuration.enabled: false → true',
    'configuration.enable_in_context: false → true',
    classInsteadOfMap,
  ],
  ...inEach(
    [
      'org.openedx.learning.forum.thread.created.v1',
      'org.openedx.learning.forum.thread.response.comment.created.v1',
      'org.openedx.learning.forum.thread.response.created.v1',
    ],
    [
      'thread.thread_type: "" → null',
      'thread.anonymous: false → null',
      'thread.anonymous_to_peers: false → null',
      'thread.title: "" → null',
      'thread.title_truncated: false → null',
      'thread.group_id: 0 → null',
      'thread.team_id: 0 → null',
      'thread.category_id: 0 → null',
      'thread.category_name: "" → null',
      'thread.discussion: {} → null',
    ],
  ),
  ...inEach(
    [
      'org.openedx.learning.idv_attempt.approved.v1',
      'org.openedx.learning.idv_attempt.created.v1',
      'org.openedx.learning.idv_attempt.denied.v1',
      'org.openedx.learning.idv_attempt.pending.v1',
    ],
    ['idv_attempt.name: "" → null'],
  ),
};

/** The same for events whose optional fields are left out. */
export const sparseLosses: Readonly<Record<string, readonly string[]>> = {
  [discussionsConfiguration]: [classInsteadOfMap],
};

/** Why Python cannot send an event whose optional fields are left out: its serializer fails for a default. */
export const sparseRefusals: Readonly<Record<string, readonly string[]>> = {
  [discussionsConfiguration]: ['not sent: Circular reference detected'],
};

function inEach(eventTypes: readonly string[], losses: readonly string[]): Record<string, readonly string[]> {
  return Object.fromEntries(eventTypes.map((eventType) => [eventType, losses]));
}
