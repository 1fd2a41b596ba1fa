import type { TraceContext } from '../runtime/trace-context.js';
import type { DateTime } from '../shapes/date-time.js';

/** What is known of an event besides its data. Immutable; the reference's class of the same name. */
export interface EventsMetadata {
  /** A UUID; generated ones have version 7, any version is read. */
  readonly id: string;
  readonly eventType: string;
  /** The minor version of the event's definition. @defaultValue 0 */
  readonly minorVersion: number;
  /** `openedx/<service>/web` */
  readonly source: string;
  /** The machine it was sent from. */
  readonly sourceHost: string;
  /** When it happened, in UTC. */
  readonly time: DateTime;
  /** The version of the library it was sent with; integers only, since Python peers parse them. */
  readonly sourceLib: readonly number[];
  /** The id of the event that started a chain of events, or null. Python services ignore it. */
  readonly correlationId: string | null;
  /** The id of the event that led to this one, or null. Python services ignore it. */
  readonly causationId: string | null;
  /** W3C trace context of the sender, or null. Python services ignore it. */
  readonly trace: TraceContext | null;
  /** The fields that the message did not carry, so that their values are stand-ins; empty for events made here. */
  readonly defaulted: readonly MetadataField[];
}

/** The seven fields of the reference's metadata. */
export type MetadataField =
  | 'id'
  | 'eventType'
  | 'minorVersion'
  | 'source'
  | 'sourceHost'
  | 'time'
  | 'sourceLib';
