import { publishOnCommit } from '@openedx-ts/events-core';
import type { EnrollmentRepository } from '../enrollment-repository.js';
import type { EnrollmentStorage } from './enrollment-storage.js';

/** Storage without transactions: a change that fails is taken back, and its events are not published. */
export function memoryStorage(repository: EnrollmentRepository): EnrollmentStorage {
  return {
    change: (work) =>
      publishOnCommit(async () => {
        const undo: (() => Promise<unknown>)[] = [];
        try {
          return await work(undoable(repository, undo));
        } catch (error) {
          for (const step of undo.reverse()) await step();
          throw error;
        }
      }),
    outbox: undefined,
    close: async () => {},
  };
}

function undoable(repository: EnrollmentRepository, undo: (() => Promise<unknown>)[]): EnrollmentRepository {
  return {
    ...repository,
    add: async (enrollment) => {
      const isAdded = await repository.add(enrollment);
      if (isAdded) undo.push(() => repository.remove(enrollment.username, enrollment.courseKey));
      return isAdded;
    },
    remove: async (username, courseKey) => {
      const removed = await repository.remove(username, courseKey);
      if (removed !== undefined) undo.push(() => repository.add(removed));
      return removed;
    },
  };
}
