/** Data of the events that the scenarios send. */
export const learner = {
  id: 7,
  is_active: true,
  pii: { username: 'zoë', email: 'zoe@example.org', name: 'Zoë Łukasiewicz' },
};

export const course = { course_key: 'course-v1:edX+DemoX+2026', display_name: 'Demonstration' };

export const enrollment = {
  user: learner,
  course,
  mode: 'audit',
  is_active: true,
  creation_date: '2026-01-02T03:04:05.678901+00:00',
};

export const usageKey = (block: number) => `block-v1:edX+DemoX+2026+type@video+block@b${block}`;
