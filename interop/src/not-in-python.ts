/**
 * Events of the catalogue that openedx-events 11.2.0 cannot put on a bus, and why not. All others but these have a schema
 * there: 73, and those of the events of our own.
 */
export const notInPython: Readonly<Record<string, string>> = {
  ...sameReason('it holds open files there', [
    'org.openedx.content_authoring.course.certificate_config.changed.v1',
    'org.openedx.content_authoring.course.certificate_config.deleted.v1',
  ]),
  ...ofOpenedxCore(),
};

/** The same for openedx-events 10.5.0, which has a schema for 64. */
export const notInPython105: Readonly<Record<string, string>> = {
  ...sameReason('a list of records has no schema there', [
    'org.example.interop.crate.sealed.v1',
    'org.openedx.content_authoring.course.certificate_config.changed.v1',
    'org.openedx.content_authoring.course.certificate_config.deleted.v1',
    'org.openedx.learning.ora.submission.created.v1',
  ]),
  ...sameReason('a dict without types has no schema there', [
    'org.openedx.learning.course.notification.requested.v1',
    'org.openedx.learning.discussions.configuration.changed.v1',
    'org.openedx.learning.forum.thread.created.v1',
    'org.openedx.learning.forum.thread.response.comment.created.v1',
    'org.openedx.learning.forum.thread.response.created.v1',
    'org.openedx.learning.user.notification.requested.v1',
  ]),
  ...sameReason('it came later', [
    'org.openedx.authz.role_assignment.created',
    'org.openedx.authz.role_assignment.deleted',
  ]),
  ...ofOpenedxCore(),
};

function ofOpenedxCore(): Readonly<Record<string, string>> {
  return sameReason('openedx-core defines it, with types that have no schema', [
    'org.openedx.content.collections.collection_changed.v1',
    'org.openedx.content.publishing.entities_draft_changed.v1',
    'org.openedx.content.publishing.entities_published.v1',
    'org.openedx.content.publishing.lp_created.v1',
    'org.openedx.content.publishing.lp_deleted.v1',
    'org.openedx.content.publishing.lp_updated.v1',
  ]);
}

function sameReason(reason: string, eventTypes: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(eventTypes.map((eventType) => [eventType, reason]));
}
