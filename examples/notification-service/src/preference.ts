/** How a learner is notified about a course. */
export interface Preference {
  readonly username: string;
  readonly courseKey: string;
  readonly channels: readonly Channel[];
  /** The id of the event that it was created for. */
  readonly createdByEvent: string;
}

export type Channel = 'web' | 'email' | 'push';

/** The preference of a learner who has not chosen one. */
export const defaultChannels: readonly Channel[] = ['web', 'email'];

/** A preference as returned by this service's HTTP API. */
export interface PreferenceJson {
  readonly username: string;
  readonly course_key: string;
  readonly channels: readonly Channel[];
  readonly created_by_event: string;
}

/** A preference in the form of the HTTP API. */
export function toJson({ username, courseKey, channels, createdByEvent }: Preference): PreferenceJson {
  return { username, course_key: courseKey, channels, created_by_event: createdByEvent };
}
