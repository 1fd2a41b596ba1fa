/** Something that a bus or its harness does not have, and why. */
export interface Missing {
  /** A sentence for the report. */
  readonly missing: string;
}

/** Whether something is declared missing instead of being there. */
export function isMissing(value: unknown): value is Missing {
  return typeof value === 'object' && value !== null && 'missing' in value;
}
