import type { EventLine } from './events-answer.js';

/** Everything that is known of one stored event. */
export interface EventAnswer extends EventLine {
  /** Whether personal data are hidden in this answer. */
  readonly isMasked: boolean;
  /** The data as JSON with exact integers, on several lines; null when it cannot be decoded. */
  readonly data: string | null;
  /** The metadata in the form of Python's `to_json`, as JSON; null when it cannot be read. */
  readonly metadata: string | null;
  readonly headers: readonly HeaderLine[];
  readonly keyBytes: number | null;
  /** The value as hexadecimal digits, at most 4,096 bytes; null while personal data are hidden. */
  readonly hex: string | null;
  readonly schemas: SchemasAnswer;
  readonly traceId: string | null;
  readonly fates: readonly FateLine[];
}

/** A header as text. */
export interface HeaderLine {
  readonly name: string;
  readonly value: string | null;
  readonly isMasked: boolean;
}

/** What an event was written with, and what it is read with. */
export interface SchemasAnswer {
  /** As JSON on several lines; null when the message does not name it. */
  readonly writer: string | null;
  /** As JSON on several lines; null when the signal is not loaded. */
  readonly reader: string | null;
}

/** What became of an event in a group. */
export interface FateLine {
  readonly groupId: string;
  /** `passed`: the position of the group lies behind it; only some brokers keep what was handled. */
  readonly state: 'handled' | 'passed' | 'in flight' | 'waiting' | 'dead-lettered';
  readonly deliveries: number | null;
  readonly deadLetter: FateDeadLetter | null;
}

/** The dead letter that a group made of an event. */
export interface FateDeadLetter {
  readonly position: string;
  readonly code: string | null;
  readonly attempts: number | null;
}
