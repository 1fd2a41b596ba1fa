import type { PreferenceJson } from '@openedx-ts/example-notification-service';
import type { Tally } from '../tally.js';
import { request } from './http-client.js';
import type { Step } from './plan.js';

/** Asks notification-service for its preferences: one for each learner who is still in a course, and no other. */
export async function checkPreferences(
  notificationUrl: string,
  steps: readonly Step[],
  tally: Tally,
): Promise<void> {
  const expected = new Set<string>();
  for (const { action, learner, courseKey } of steps) {
    const place = placeOf(learner.username, courseKey);
    if (action === 'enroll') expected.add(place);
    else expected.delete(place);
  }
  const answer = await request<{ readonly preferences: readonly PreferenceJson[] }>(
    'GET',
    `${notificationUrl}/preferences`,
    200,
  );
  const actual = new Set(answer.preferences.map(({ username, course_key }) => placeOf(username, course_key)));
  for (const place of expected) if (!actual.has(place)) tally.mismatch(`no preference for ${place}`);
  for (const place of actual) if (!expected.has(place)) tally.mismatch(`a preference too many for ${place}`);
}

function placeOf(username: string, courseKey: string): string {
  return `${username} in ${courseKey}`;
}
