import { describe, expect, it } from 'vitest';
import { eventTypeProblem } from './event-type.js';

describe('eventTypeProblem', () => {
  it.each([
    'org.openedx.learning.course.enrollment.created.v1',
    'org.openedx.learning.badge.awarded.v1',
    'org.openedx.learning.xblock.skill.verified.v1',
    'com.example.shop.order_line.sent.v12',
    'org.openedx.content_authoring.v_2.changed.v10',
  ])('finds none in %s', (eventType) => {
    expect(eventTypeProblem(eventType)).toBeUndefined();
  });

  it.each([
    ['org.openedx.authz.role_assignment.created', 'at least'],
    ['org.openedx.authz.role_assignment.deleted', 'at least'],
    ['org.openedx.enterprise.subsidy.redemption-reversed.v1', 'part "redemption-reversed"'],
    ['', 'at least'],
    ['org.openedx.learning.badge.awarded.v0', 'major version'],
    ['org.openedx.learning.badge.awarded.v01', 'major version'],
    ['org.openedx.learning.badge.awarded.1', 'major version'],
    ['org.openedx.learning.badge.awarded.v1.0', 'major version'],
    ['org.openedx.learning.badge.awarded.V1', 'major version'],
    ['org.openedx.learning.Badge.awarded.v1', 'part "Badge"'],
    ['org.openedx.learning..awarded.v1', 'part ""'],
    ['org.openedx.learning.1badge.awarded.v1', 'part "1badge"'],
    ['org.openedx.learning.badge.awarded.v1\n', 'major version'],
  ])('finds one in %j', (eventType, problem) => {
    expect(eventTypeProblem(eventType)).toContain(problem);
  });
});
