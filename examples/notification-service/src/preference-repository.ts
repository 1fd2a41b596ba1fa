import type { Preference } from './preference.js';

/** Where preferences are kept. */
export interface PreferenceRepository {
  /** Keeps a preference; one that is there already stays as it is. */
  addIfAbsent(preference: Preference): Promise<void>;
  /** Drops a preference, if there is one. */
  remove(username: string, courseKey: string): Promise<void>;
  /** All preferences, or those of one learner, oldest first. */
  list(username?: string): Promise<readonly Preference[]>;
}

/** Keeps preferences for as long as the process lives. */
export function memoryPreferenceRepository(): PreferenceRepository {
  const preferences = new Map<string, Preference>();
  return {
    addIfAbsent: async (preference) => {
      const key = keyOf(preference.username, preference.courseKey);
      if (!preferences.has(key)) preferences.set(key, preference);
    },
    remove: async (username, courseKey) => {
      preferences.delete(keyOf(username, courseKey));
    },
    list: async (username) =>
      [...preferences.values()].filter(
        (preference) => username === undefined || preference.username === username,
      ),
  };
}

function keyOf(username: string, courseKey: string): string {
  return JSON.stringify([username, courseKey]);
}
