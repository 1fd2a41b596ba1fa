import type { CourseKey } from '@openedx-ts/opaque-keys';
import type { Enrollment } from './enrollment.js';

/** Stores enrolments. */
export interface EnrollmentRepository {
  /** The id of a learner, assigned when the learner is first seen. */
  userIdOf(username: string): Promise<number>;
  /** Stores an enrolment. Returns false and changes nothing when the learner is already in the course. */
  add(enrollment: Enrollment): Promise<boolean>;
  /** Removes an enrolment and returns it; undefined when there is none. */
  remove(username: string, courseKey: CourseKey): Promise<Enrollment | undefined>;
  /** How many learners are in a course. */
  countIn(courseKey: CourseKey): Promise<number>;
  /** All enrolments, oldest first. */
  list(): Promise<readonly Enrollment[]>;
}

/** Stores enrolments in memory. */
export function memoryEnrollmentRepository(): EnrollmentRepository {
  const userIds = new Map<string, number>();
  const enrollments = new Map<string, Enrollment>();
  return {
    userIdOf: async (username) => {
      const id = userIds.get(username) ?? userIds.size + 1;
      userIds.set(username, id);
      return id;
    },
    add: async (enrollment) => {
      const key = keyOf(enrollment.username, enrollment.courseKey);
      if (enrollments.has(key)) return false;
      enrollments.set(key, enrollment);
      return true;
    },
    remove: async (username, courseKey) => {
      const key = keyOf(username, courseKey);
      const enrollment = enrollments.get(key);
      enrollments.delete(key);
      return enrollment;
    },
    countIn: async ({ text }) =>
      [...enrollments.values()].filter(({ courseKey }) => courseKey.text === text).length,
    list: async () => [...enrollments.values()],
  };
}

function keyOf(username: string, courseKey: CourseKey): string {
  return JSON.stringify([username, courseKey.text]);
}
