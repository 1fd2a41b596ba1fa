import type { Learner, Learners } from './learners.js';

/** One request to enrollment-service. */
export interface Step {
  readonly action: 'enroll' | 'unenroll';
  readonly learner: Learner;
  readonly courseKey: string;
}

/**
 * What to ask of enrollment-service, so that so many events come of it: every learner joins one course after the other,
 * and now and then the one who has been in longest leaves. In a course with nobody left to join, all leave and join again.
 */
export function planSteps({ courses, learners }: Learners, events: number): readonly Step[] {
  const outside = courses.flatMap((courseKey) => learners.map((learner) => ({ learner, courseKey })));
  const inside: Place[] = [];
  const steps: Step[] = [];
  let nextOutside = 0;
  let nextInside = 0;
  for (let number = 1; number <= events; number += 1) {
    const isLeaving = number % 10 === 0 || nextOutside === outside.length;
    const place = (isLeaving ? inside[nextInside++] : outside[nextOutside++]) as Place;
    (isLeaving ? outside : inside).push(place);
    steps.push({ action: isLeaving ? 'unenroll' : 'enroll', ...place });
  }
  return steps;
}

interface Place {
  readonly learner: Learner;
  readonly courseKey: string;
}
