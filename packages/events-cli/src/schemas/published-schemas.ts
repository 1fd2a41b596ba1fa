import type { EventDefinitions } from '../definitions/definitions-file.js';
import type { PublishedEvent } from './event-breaks.js';

/** What services have agreed on so far: schemas of events, and their definitions where they were stored. */
export interface PublishedSchemas {
  /** Where they are, for messages. */
  readonly label: string;
  /** Whether they are the files of the working copy, which must be up to date. */
  readonly isWorkingCopy: boolean;
  /** Undefined where there is no definitions file. */
  readonly definitions: EventDefinitions | undefined;
  /** The names of the schema files. */
  readonly files: readonly string[];
  /** The published forms of an event: none, one, or one for each topic. */
  eventsOf(eventType: string): Promise<readonly PublishedEvent[]>;
  /** The text of one of `files`. */
  textOf(file: string): Promise<string | undefined>;
}

/** A place with files, by name. */
export interface SchemaFiles {
  readonly label: string;
  readonly isWorkingCopy: boolean;
  readonly names: readonly string[];
  read(name: string): Promise<string | undefined>;
}
