import type { OpenEdxPublicSignal } from '@openedx-ts/events-core';

/** For every event type of the catalogue, how to load the one module that defines it. In the order of the reference. */
export const signalModules: Readonly<Record<string, () => Promise<OpenEdxPublicSignal>>> = Object.freeze({
  'org.openedx.analytics.tracking.event.emitted.v1': async () =>
    (await import('./analytics/tracking-event-emitted.js')).TRACKING_EVENT_EMITTED,
  'org.openedx.authz.role_assignment.created': async () =>
    (await import('./authz/role-assignment-created.js')).ROLE_ASSIGNMENT_CREATED,
  'org.openedx.authz.role_assignment.deleted': async () =>
    (await import('./authz/role-assignment-deleted.js')).ROLE_ASSIGNMENT_DELETED,
  'org.openedx.content_authoring.course.catalog_info.changed.v1': async () =>
    (await import('./content-authoring/course-catalog-info-changed.js')).COURSE_CATALOG_INFO_CHANGED,
  'org.openedx.content_authoring.xblock.created.v1': async () =>
    (await import('./content-authoring/xblock-created.js')).XBLOCK_CREATED,
  'org.openedx.content_authoring.xblock.updated.v1': async () =>
    (await import('./content-authoring/xblock-updated.js')).XBLOCK_UPDATED,
  'org.openedx.content_authoring.xblock.published.v1': async () =>
    (await import('./content-authoring/xblock-published.js')).XBLOCK_PUBLISHED,
  'org.openedx.content_authoring.xblock.deleted.v1': async () =>
    (await import('./content-authoring/xblock-deleted.js')).XBLOCK_DELETED,
  'org.openedx.content_authoring.xblock.duplicated.v1': async () =>
    (await import('./content-authoring/xblock-duplicated.js')).XBLOCK_DUPLICATED,
  'org.openedx.content_authoring.course.certificate_config.changed.v1': async () =>
    (await import('./content-authoring/course-certificate-config-changed.js'))
      .COURSE_CERTIFICATE_CONFIG_CHANGED,
  'org.openedx.content_authoring.course.certificate_config.deleted.v1': async () =>
    (await import('./content-authoring/course-certificate-config-deleted.js'))
      .COURSE_CERTIFICATE_CONFIG_DELETED,
  'org.openedx.content_authoring.course.created.v1': async () =>
    (await import('./content-authoring/course-created.js')).COURSE_CREATED,
  'org.openedx.content_authoring.content_library.created.v1': async () =>
    (await import('./content-authoring/content-library-created.js')).CONTENT_LIBRARY_CREATED,
  'org.openedx.content_authoring.content_library.updated.v1': async () =>
    (await import('./content-authoring/content-library-updated.js')).CONTENT_LIBRARY_UPDATED,
  'org.openedx.content_authoring.content_library.deleted.v1': async () =>
    (await import('./content-authoring/content-library-deleted.js')).CONTENT_LIBRARY_DELETED,
  'org.openedx.content_authoring.library_block.created.v1': async () =>
    (await import('./content-authoring/library-block-created.js')).LIBRARY_BLOCK_CREATED,
  'org.openedx.content_authoring.library_block.updated.v1': async () =>
    (await import('./content-authoring/library-block-updated.js')).LIBRARY_BLOCK_UPDATED,
  'org.openedx.content_authoring.library_block.deleted.v1': async () =>
    (await import('./content-authoring/library-block-deleted.js')).LIBRARY_BLOCK_DELETED,
  'org.openedx.content_authoring.library_block.published.v1': async () =>
    (await import('./content-authoring/library-block-published.js')).LIBRARY_BLOCK_PUBLISHED,
  'org.openedx.content_authoring.content.object.associations.changed.v1': async () =>
    (await import('./content-authoring/content-object-associations-changed.js'))
      .CONTENT_OBJECT_ASSOCIATIONS_CHANGED,
  'org.openedx.content_authoring.content.object.tags.changed.v1': async () =>
    (await import('./content-authoring/content-object-tags-changed.js')).CONTENT_OBJECT_TAGS_CHANGED,
  'org.openedx.content_authoring.content_library.collection.created.v1': async () =>
    (await import('./content-authoring/library-collection-created.js')).LIBRARY_COLLECTION_CREATED,
  'org.openedx.content_authoring.content_library.collection.updated.v1': async () =>
    (await import('./content-authoring/library-collection-updated.js')).LIBRARY_COLLECTION_UPDATED,
  'org.openedx.content_authoring.content_library.collection.deleted.v1': async () =>
    (await import('./content-authoring/library-collection-deleted.js')).LIBRARY_COLLECTION_DELETED,
  'org.openedx.content_authoring.content_library.container.created.v1': async () =>
    (await import('./content-authoring/library-container-created.js')).LIBRARY_CONTAINER_CREATED,
  'org.openedx.content_authoring.content_library.container.updated.v1': async () =>
    (await import('./content-authoring/library-container-updated.js')).LIBRARY_CONTAINER_UPDATED,
  'org.openedx.content_authoring.content_library.container.deleted.v1': async () =>
    (await import('./content-authoring/library-container-deleted.js')).LIBRARY_CONTAINER_DELETED,
  'org.openedx.content_authoring.content_library.container.published.v1': async () =>
    (await import('./content-authoring/library-container-published.js')).LIBRARY_CONTAINER_PUBLISHED,
  'org.openedx.content_authoring.course.import.completed.v1': async () =>
    (await import('./content-authoring/course-import-completed.js')).COURSE_IMPORT_COMPLETED,
  'org.openedx.content_authoring.course.rerun.completed.v1': async () =>
    (await import('./content-authoring/course-rerun-completed.js')).COURSE_RERUN_COMPLETED,
  'org.openedx.enterprise.subsidy.redeemed.v1': async () =>
    (await import('./enterprise/subsidy-redeemed.js')).SUBSIDY_REDEEMED,
  'org.openedx.enterprise.subsidy.redemption-reversed.v1': async () =>
    (await import('./enterprise/subsidy-redemption-reversed.js')).SUBSIDY_REDEMPTION_REVERSED,
  'org.openedx.enterprise.subsidy_ledger_transaction.created.v1': async () =>
    (await import('./enterprise/ledger-transaction-created.js')).LEDGER_TRANSACTION_CREATED,
  'org.openedx.enterprise.subsidy_ledger_transaction.committed.v1': async () =>
    (await import('./enterprise/ledger-transaction-committed.js')).LEDGER_TRANSACTION_COMMITTED,
  'org.openedx.enterprise.subsidy_ledger_transaction.failed.v1': async () =>
    (await import('./enterprise/ledger-transaction-failed.js')).LEDGER_TRANSACTION_FAILED,
  'org.openedx.enterprise.subsidy_ledger_transaction.reversed.v1': async () =>
    (await import('./enterprise/ledger-transaction-reversed.js')).LEDGER_TRANSACTION_REVERSED,
  'org.openedx.enterprise.learner_credit_course_enrollment.revoked.v1': async () =>
    (await import('./enterprise/learner-credit-course-enrollment-revoked.js'))
      .LEARNER_CREDIT_COURSE_ENROLLMENT_REVOKED,
  'org.openedx.enterprise.enterprise_group.deleted.v1': async () =>
    (await import('./enterprise/enterprise-group-deleted.js')).ENTERPRISE_GROUP_DELETED,
  'org.openedx.learning.student.registration.completed.v1': async () =>
    (await import('./learning/student-registration-completed.js')).STUDENT_REGISTRATION_COMPLETED,
  'org.openedx.learning.auth.session.login.completed.v1': async () =>
    (await import('./learning/session-login-completed.js')).SESSION_LOGIN_COMPLETED,
  'org.openedx.learning.course.enrollment.created.v1': async () =>
    (await import('./learning/course-enrollment-created.js')).COURSE_ENROLLMENT_CREATED,
  'org.openedx.learning.course.enrollment.changed.v1': async () =>
    (await import('./learning/course-enrollment-changed.js')).COURSE_ENROLLMENT_CHANGED,
  'org.openedx.learning.course.unenrollment.completed.v1': async () =>
    (await import('./learning/course-unenrollment-completed.js')).COURSE_UNENROLLMENT_COMPLETED,
  'org.openedx.learning.certificate.created.v1': async () =>
    (await import('./learning/certificate-created.js')).CERTIFICATE_CREATED,
  'org.openedx.learning.program.certificate.awarded.v1': async () =>
    (await import('./learning/program-certificate-awarded.js')).PROGRAM_CERTIFICATE_AWARDED,
  'org.openedx.learning.certificate.changed.v1': async () =>
    (await import('./learning/certificate-changed.js')).CERTIFICATE_CHANGED,
  'org.openedx.learning.certificate.revoked.v1': async () =>
    (await import('./learning/certificate-revoked.js')).CERTIFICATE_REVOKED,
  'org.openedx.learning.program.certificate.revoked.v1': async () =>
    (await import('./learning/program-certificate-revoked.js')).PROGRAM_CERTIFICATE_REVOKED,
  'org.openedx.learning.cohort_membership.changed.v1': async () =>
    (await import('./learning/cohort-membership-changed.js')).COHORT_MEMBERSHIP_CHANGED,
  'org.openedx.learning.discussions.configuration.changed.v1': async () =>
    (await import('./learning/course-discussions-changed.js')).COURSE_DISCUSSIONS_CHANGED,
  'org.openedx.learning.course.persistent_grade_summary.changed.v1': async () =>
    (await import('./learning/persistent-grade-summary-changed.js')).PERSISTENT_GRADE_SUMMARY_CHANGED,
  'org.openedx.learning.xblock.skill.verified.v1': async () =>
    (await import('./learning/xblock-skill-verified.js')).XBLOCK_SKILL_VERIFIED,
  'org.openedx.learning.user.notification.requested.v1': async () =>
    (await import('./learning/user-notification-requested.js')).USER_NOTIFICATION_REQUESTED,
  'org.openedx.learning.exam.attempt.submitted.v1': async () =>
    (await import('./learning/exam-attempt-submitted.js')).EXAM_ATTEMPT_SUBMITTED,
  'org.openedx.learning.exam.attempt.rejected.v1': async () =>
    (await import('./learning/exam-attempt-rejected.js')).EXAM_ATTEMPT_REJECTED,
  'org.openedx.learning.exam.attempt.verified.v1': async () =>
    (await import('./learning/exam-attempt-verified.js')).EXAM_ATTEMPT_VERIFIED,
  'org.openedx.learning.exam.attempt.errored.v1': async () =>
    (await import('./learning/exam-attempt-errored.js')).EXAM_ATTEMPT_ERRORED,
  'org.openedx.learning.exam.attempt.reset.v1': async () =>
    (await import('./learning/exam-attempt-reset.js')).EXAM_ATTEMPT_RESET,
  'org.openedx.learning.user.course_access_role.added.v1': async () =>
    (await import('./learning/course-access-role-added.js')).COURSE_ACCESS_ROLE_ADDED,
  'org.openedx.learning.user.course_access_role.removed.v1': async () =>
    (await import('./learning/course-access-role-removed.js')).COURSE_ACCESS_ROLE_REMOVED,
  'org.openedx.learning.forum.thread.created.v1': async () =>
    (await import('./learning/forum-thread-created.js')).FORUM_THREAD_CREATED,
  'org.openedx.learning.forum.thread.response.created.v1': async () =>
    (await import('./learning/forum-thread-response-created.js')).FORUM_THREAD_RESPONSE_CREATED,
  'org.openedx.learning.forum.thread.response.comment.created.v1': async () =>
    (await import('./learning/forum-response-comment-created.js')).FORUM_RESPONSE_COMMENT_CREATED,
  'org.openedx.learning.course.notification.requested.v1': async () =>
    (await import('./learning/course-notification-requested.js')).COURSE_NOTIFICATION_REQUESTED,
  'org.openedx.learning.ora.submission.created.v1': async () =>
    (await import('./learning/ora-submission-created.js')).ORA_SUBMISSION_CREATED,
  'org.openedx.learning.course.passing.status.updated.v1': async () =>
    (await import('./learning/course-passing-status-updated.js')).COURSE_PASSING_STATUS_UPDATED,
  'org.openedx.learning.ccx.course.passing.status.updated.v1': async () =>
    (await import('./learning/ccx-course-passing-status-updated.js')).CCX_COURSE_PASSING_STATUS_UPDATED,
  'org.openedx.learning.badge.awarded.v1': async () =>
    (await import('./learning/badge-awarded.js')).BADGE_AWARDED,
  'org.openedx.learning.badge.revoked.v1': async () =>
    (await import('./learning/badge-revoked.js')).BADGE_REVOKED,
  'org.openedx.learning.idv_attempt.created.v1': async () =>
    (await import('./learning/idv-attempt-created.js')).IDV_ATTEMPT_CREATED,
  'org.openedx.learning.idv_attempt.pending.v1': async () =>
    (await import('./learning/idv-attempt-pending.js')).IDV_ATTEMPT_PENDING,
  'org.openedx.learning.idv_attempt.approved.v1': async () =>
    (await import('./learning/idv-attempt-approved.js')).IDV_ATTEMPT_APPROVED,
  'org.openedx.learning.idv_attempt.denied.v1': async () =>
    (await import('./learning/idv-attempt-denied.js')).IDV_ATTEMPT_DENIED,
  'org.openedx.learning.external_grader.score.submitted.v1': async () =>
    (await import('./learning/external-grader-score-submitted.js')).EXTERNAL_GRADER_SCORE_SUBMITTED,
  'org.openedx.learning.lti_provider.launch.success.v1': async () =>
    (await import('./learning/lti-provider-launch-success.js')).LTI_PROVIDER_LAUNCH_SUCCESS,
  'org.openedx.content.publishing.lp_created.v1': async () =>
    (await import('./content/learning-package-created.js')).LEARNING_PACKAGE_CREATED,
  'org.openedx.content.publishing.lp_updated.v1': async () =>
    (await import('./content/learning-package-updated.js')).LEARNING_PACKAGE_UPDATED,
  'org.openedx.content.publishing.lp_deleted.v1': async () =>
    (await import('./content/learning-package-deleted.js')).LEARNING_PACKAGE_DELETED,
  'org.openedx.content.publishing.entities_draft_changed.v1': async () =>
    (await import('./content/entities-draft-changed.js')).ENTITIES_DRAFT_CHANGED,
  'org.openedx.content.publishing.entities_published.v1': async () =>
    (await import('./content/entities-published.js')).ENTITIES_PUBLISHED,
  'org.openedx.content.collections.collection_changed.v1': async () =>
    (await import('./content/collection-changed.js')).COLLECTION_CHANGED,
});
