import type { EventDefinition } from './event-definition.js';

/** An event with all that is needed to write its definition in another language. */
export interface NamedEvent {
  /** The name of its constant: `COURSE_ENROLLMENT_CREATED`. */
  readonly name: string;
  readonly eventType: string;
  readonly minorVersion: number;
  readonly doc: string | undefined;
  readonly definition: EventDefinition;
}

/** The usual name of an event's constant: what follows the subdomain in its type, without the version. */
export function constantName(eventType: string): string {
  const parts = eventType.replace(/\.v\d+$/, '').split('.');
  const name = (parts.length > 3 ? parts.slice(3) : parts).join('_').replace(/\W/g, '_').toUpperCase();
  return /^\d/.test(name) ? `EVENT_${name}` : name;
}
