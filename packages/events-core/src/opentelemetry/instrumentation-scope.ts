import { coreVersion } from '../metadata/core-version.js';

/** The name and version under which spans and metrics are reported. */
export const instrumentationScope = {
  name: '@openedx-ts/events-core',
  version: coreVersion.join('.'),
} as const;
