/** How a learner wants to hear of a course. */
export interface Preference {
  readonly username: string;
  readonly courseKey: string;
  readonly channels: readonly Channel[];
  /** The id of the event that it was created for. */
  readonly createdByEvent: string;
}

export type Channel = 'web' | 'email' | 'push';

/** What a learner who never chose gets. */
export const defaultChannels: readonly Channel[] = ['web', 'email'];

/** A preference as this service's HTTP API shows it. */
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
