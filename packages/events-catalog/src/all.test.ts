import { allSignals, type Issue, type OpenEdxPublicSignal } from '@openedx-ts/events-core';
import {
  type AnyShape,
  checkOf,
  type Fields,
  type RecordShape,
  resolveKeyPath,
} from '@openedx-ts/events-core/bus';
import { describe, expect, it } from 'vitest';
import * as all from './all.js';

const exported = Object.entries(all).flatMap(([subdomain, members]) =>
  Object.entries(members).map(([name, value]) => ({ subdomain, name, value: value as unknown })),
);
const signals = exported.filter(({ value }) => isSignal(value)) as Member<OpenEdxPublicSignal>[];
const dataClasses = exported.filter(({ value }) => !isSignal(value)) as Member<RecordShape>[];

describe('all', () => {
  it('contains 81 events, and registers only these', () => {
    expect(signals).toHaveLength(81);
    expect(new Set(allSignals())).toEqual(new Set(signals.map(({ value }) => value)));
  });

  it('contains 60 data classes, each under its record name', () => {
    expect(dataClasses).toHaveLength(60);
    for (const { name, value } of dataClasses) expect(value.name).toBe(name);
  });

  it('documents what every event means, since when it exists, and its key', () => {
    for (const { name, value } of signals) {
      expect(value.about.doc, name).toMatch(/^[A-Z].*\.$/);
      expect(value.about.since, name).toMatch(/^\d+\.\d+\.\d+$/);
      const key = value.about.eventKeyField ?? '';
      expect(resolveKeyPath(value.shape.fields, key), `${name}: ${key}`).not.toHaveProperty('problem');
    }
  });

  it('documents every data class and field', () => {
    const undocumented = dataClasses.flatMap(({ subdomain, name, value }) => [
      ...(isSentence(value.doc) ? [] : [`${subdomain}.${name}`]),
      ...Object.entries(value.fields)
        .filter(([, { doc }]) => !isSentence(doc))
        .map(([field]) => `${subdomain}.${name}.${field}`),
    ]);
    expect(undocumented).toEqual([]);
  });

  it('marks the fields that hold personal data, and no others', () => {
    const marked = dataClasses.flatMap(({ subdomain, name, value }) =>
      Object.entries(value.fields)
        .filter(([, { pii }]) => pii.length > 0)
        .map(([field, { pii }]) => `${subdomain}.${name}.${field}: ${pii.join(', ')}`),
    );
    expect(marked.sort()).toEqual([...personalFields].sort());
  });

  it('marks events without a wire format as local-only, those of openedx-core among them', () => {
    const ofCore = signals.filter(({ subdomain }) => subdomain === 'content').map(({ name }) => name);
    expect(ofCore).toHaveLength(6);
    expect(namesWhere(({ about }) => about.localOnly !== undefined)).toEqual([
      ...ofCore,
      'COURSE_CERTIFICATE_CONFIG_CHANGED',
      'COURSE_CERTIFICATE_CONFIG_DELETED',
    ]);
  });

  it('documents what to use instead of a deprecated event', () => {
    expect(namesWhere(({ about }) => about.deprecated !== undefined)).toEqual([
      'CONTENT_OBJECT_TAGS_CHANGED',
    ]);
    expect(all.contentAuthoring.CONTENT_OBJECT_TAGS_CHANGED.about.deprecated).toContain(
      'CONTENT_OBJECT_ASSOCIATIONS_CHANGED',
    );
  });

  it('accepts for every event a sample of its shape', () => {
    for (const { name, value } of signals) {
      const issues: Issue[] = [];
      checkOf(value.shape)(sampleOf(value.shape as AnyShape), issues);
      expect(issues, name).toEqual([]);
    }
  });
});

interface Member<Value> {
  readonly subdomain: string;
  readonly name: string;
  readonly value: Value;
}

const personalFields = [
  'analytics.TrackingLogData.context: other',
  'analytics.TrackingLogData.data: other',
  'authz.RoleAssignmentData.actor_id: id',
  'authz.RoleAssignmentData.subject: username',
  'content.UserAttributionEventData.user_id: id',
  'contentAuthoring.CertificateSignatoryData.image: image',
  'contentAuthoring.CertificateSignatoryData.name: name',
  'enterprise.EnterpriseCustomerUser.user_id: id',
  'enterprise.LedgerTransaction.lms_user_id: id',
  'enterprise.SubsidyRedemption.lms_user_id: id',
  'learning.CcxCourseData.coach_email: email_address',
  'learning.CertificateData.download_url: other',
  'learning.CertificateData.name: name',
  'learning.CourseNotificationData.content_context: other',
  'learning.DiscussionThreadData.body: other',
  'learning.DiscussionThreadData.discussion: other',
  'learning.DiscussionThreadData.title: other',
  'learning.ExternalGraderScoreData.score_msg: other',
  'learning.ExternalGraderScoreData.user_id: id',
  'learning.LtiProviderLaunchParamsData.extra_params: other',
  'learning.LtiProviderLaunchParamsData.user_id: id, external_service',
  'learning.ORASubmissionAnswer.file_descriptions: other',
  'learning.ORASubmissionAnswer.file_keys: id',
  'learning.ORASubmissionAnswer.file_names: other',
  'learning.ORASubmissionAnswer.file_urls: other',
  'learning.ORASubmissionAnswer.parts: other',
  'learning.ORASubmissionData.anonymous_user_id: id',
  'learning.PersistentCourseGradeData.user_id: id',
  'learning.ProgramCertificateData.url: other',
  'learning.UserData.id: id',
  'learning.UserNonPersonalData.id: id',
  'learning.UserNotificationData.context: other',
  'learning.UserNotificationData.user_ids: id',
  'learning.UserPersonalData.email: email_address',
  'learning.UserPersonalData.name: name',
  'learning.UserPersonalData.username: username',
  'learning.VerificationAttemptData.name: name',
];

function isSignal(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'eventType' in value;
}

function isSentence(doc: string | undefined): boolean {
  return doc !== undefined && /^[A-Z].*\.$/.test(doc);
}

function namesWhere(holds: (signal: OpenEdxPublicSignal) => boolean): string[] {
  return signals.filter(({ value }) => holds(value)).map(({ name }) => name);
}

function sampleOf(shape: AnyShape): unknown {
  const inner = (fields: Fields) =>
    Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, sampleOf(field as AnyShape)]));
  switch (shape.kind) {
    case 'string':
      return 'sample';
    case 'boolean':
      return false;
    case 'long':
    case 'double':
      return 0;
    case 'bytes':
      return new Uint8Array([1]);
    case 'list':
      return [sampleOf(shape.of as AnyShape)];
    case 'map':
      return { key: sampleOf(shape.values as AnyShape) };
    case 'optional':
    case 'withDefault':
      return sampleOf(shape.of as AnyShape);
    case 'record':
      return inner(shape.fields);
    case 'custom':
      return shape.type.sample?.(() => 0.5);
  }
}
