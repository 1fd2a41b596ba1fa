import { record } from '@openedx-ts/events-core';
import { type HttpApp, text } from '@openedx-ts/example-http-service';
import { toJson } from './preference.js';
import type { PreferenceRepository } from './preference-repository.js';

/** The HTTP API. */
export function addPreferenceRoutes(app: HttpApp, preferences: PreferenceRepository): void {
  app.get('/preferences', async () => ({ preferences: (await preferences.list()).map(toJson) }));

  app.get('/preferences/:username', { schema: { params: PreferencePath } }, async ({ params }) => ({
    preferences: (await preferences.list(params.username)).map(toJson),
  }));
}

const PreferencePath = record('PreferencePath', { username: text('username', 150) });
