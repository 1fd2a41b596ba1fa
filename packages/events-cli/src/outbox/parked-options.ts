import type { ParkedFilter } from '@openedx-ts/events-outbox';
import type { DatabaseOptions } from './database-options.js';

/** The outbox, and the parked events in it, that a command works on. */
export interface ParkedOptions extends DatabaseOptions {
  readonly topic?: string;
  readonly position?: bigint;
  readonly id?: string;
  readonly type?: string;
  readonly code?: string;
}

/** Options of the commands that change parked events. */
export interface ParkedSelectionOptions extends ParkedOptions {
  readonly all: boolean;
  readonly dryRun: boolean;
}

/** The options that select parked events, by their names on the command line. */
export function parkedConditionsOf(options: ParkedOptions): Readonly<Record<string, unknown>> {
  const { topic, position, id, type, code } = options;
  return { '--topic': topic, '--position': position, '--id': id, '--type': type, '--code': code };
}

/** Builds the filter of parked events from the options. */
export function parkedFilterOf({ topic, position, id, type, code }: ParkedOptions): ParkedFilter {
  return { topic, position, eventId: id, eventType: type, code };
}
