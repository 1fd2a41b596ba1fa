import type { EventOutbox } from '@openedx-ts/events-core/bus';
import type { EnrollmentRepository } from '../enrollment-repository.js';

/** Where enrolments are, and what makes a change and its events one. */
export interface EnrollmentStorage {
  /** Makes a change and publishes the events that it sent. When the work rejects, there is neither change nor event. */
  change<T>(work: (repository: EnrollmentRepository) => Promise<T>): Promise<T>;
  /** The outbox in which `change` stores events; undefined when they are published on commit. */
  readonly outbox: EventOutbox | undefined;
  /** Call it after the bus is closed. */
  close(): Promise<void>;
}
