import type { OpenEdxPublicSignal } from '@openedx-ts/events-core';
import { describe, expect, it } from 'vitest';
import { catalogEventTypes, loadCatalogSignal } from './loader.js';
import { defaultProducerConfig } from './producer-config.js';

const signals = (await Promise.all(catalogEventTypes.map(loadCatalogSignal))) as OpenEdxPublicSignal[];

describe('defaultProducerConfig', () => {
  it('routes every event that may leave its process, and no other', () => {
    const routable = signals.filter(({ about }) => about.localOnly === undefined);
    expect(Object.keys(defaultProducerConfig).sort()).toEqual(
      routable.map(({ eventType }) => eventType).sort(),
    );
  });

  it('has every route disabled, with the key that the event itself suggests', () => {
    for (const { eventType, about } of signals) {
      for (const entry of Object.values(defaultProducerConfig[eventType] ?? {})) {
        expect(entry).toEqual({ event_key_field: about.eventKeyField, enabled: false });
      }
    }
  });

  it('names the topics that the platform and its services use', () => {
    expect(defaultProducerConfig).toMatchObject({
      'org.openedx.content_authoring.xblock.published.v1': { 'course-authoring-xblock-lifecycle': {} },
      'org.openedx.learning.certificate.created.v1': { 'learning-certificate-lifecycle': {} },
      'org.openedx.learning.program.certificate.awarded.v1': { 'learning-program-certificate-lifecycle': {} },
      'org.openedx.learning.exam.attempt.submitted.v1': { 'learning-exam-attempt-lifecycle': {} },
      'org.openedx.learning.badge.awarded.v1': { 'learning-badges-lifecycle': {} },
    });
  });

  it('keeps joining and leaving a course on one topic, next to the topic of the platform', () => {
    expect(
      Object.keys(defaultProducerConfig['org.openedx.learning.course.enrollment.created.v1'] ?? {}),
    ).toEqual(['learning-course-enrollment-lifecycle']);
    expect(
      Object.keys(defaultProducerConfig['org.openedx.learning.course.unenrollment.completed.v1'] ?? {}),
    ).toEqual(['learning-course-enrollment-lifecycle', 'course-unenrollment-lifecycle']);
  });

  it('uses topic names that every broker accepts', () => {
    for (const topics of Object.values(defaultProducerConfig)) {
      for (const topic of Object.keys(topics)) expect(topic).toMatch(/^[a-z][a-z0-9-]*$/);
    }
  });

  it('cannot be changed at any depth', () => {
    expect(defaultProducerConfig).toSatisfy(Object.isFrozen);
    for (const topics of Object.values(defaultProducerConfig)) {
      expect(topics).toSatisfy(Object.isFrozen);
      for (const entry of Object.values(topics)) expect(entry).toSatisfy(Object.isFrozen);
    }
  });
});
