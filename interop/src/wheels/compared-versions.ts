/** A version of openedx-events whose schemas are compared with those of the catalogue. */
export interface ComparedVersion {
  readonly version: string;
  /** The releases of Open edX in which services have it: tags of openedx/credentials, or none. */
  readonly tags: readonly string[];
}

/** From Redwood on, oldest first; the last one is that of the catalogue. */
export const comparedVersions: readonly ComparedVersion[] = [
  { version: '9.9.2', tags: ['open-release/redwood.3'] },
  { version: '9.15.0', tags: ['open-release/sumac.3'] },
  { version: '9.18.0', tags: [] },
  { version: '10.0.0', tags: ['release/teak.3'] },
  { version: '10.2.1', tags: [] },
  { version: '10.5.0', tags: ['release/ulmo.4', 'release/verawood.1'] },
  { version: '11.0.0', tags: [] },
  { version: '11.1.1', tags: [] },
  { version: '11.2.0', tags: [] },
];
