import type { CourseKey } from '@openedx-ts/opaque-keys';
import type { Enrollment } from './enrollment.js';

/** Where enrolments are kept. */
export interface EnrollmentRepository {
  /** The id of a learner, given on first sight. */
  userIdOf(username: string): Promise<number>;
  /** Keeps an enrolment; false, and nothing changes, when the learner is in the course already. */
  add(enrollment: Enrollment): Promise<boolean>;
  /** Takes an enrolment out; undefined when there is none. */
  remove(username: string, courseKey: CourseKey): Promise<Enrollment | undefined>;
  /** All enrolments, oldest first. */
  list(): Promise<readonly Enrollment[]>;
}

/** Keeps enrolments for as long as the process lives. */
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
    list: async () => [...enrollments.values()],
  };
}

function keyOf(username: string, courseKey: CourseKey): string {
  return JSON.stringify([username, courseKey.text]);
}
