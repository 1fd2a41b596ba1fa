/** An event as a wheel or the catalogue defines it. */
export interface ComparedEvent {
  /** `COURSE_ENROLLMENT_CREATED` */
  readonly name: string;
  readonly minor_version: number;
  /** The path and the type of each field, in order, in the notation of Python: `['user.pii.name', 'str = ""']`. */
  readonly fields: readonly (readonly [path: string, type: string])[];
}

/** Events by type. */
export type ComparedEvents = Readonly<Record<string, ComparedEvent>>;
