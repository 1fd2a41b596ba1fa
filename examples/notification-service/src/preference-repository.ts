import type { Preference } from './preference.js';

/** Stores preferences. */
export interface PreferenceRepository {
  /** Stores a preference, unless it exists. */
  addIfAbsent(preference: Preference): Promise<void>;
  /** Removes a preference, if it exists. */
  remove(username: string, courseKey: string): Promise<void>;
  /** All preferences, or those of one learner, oldest first. */
  list(username?: string): Promise<readonly Preference[]>;
}

/** Stores preferences in memory. */
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
