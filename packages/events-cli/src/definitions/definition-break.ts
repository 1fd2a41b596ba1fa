/** A place where code with one definition cannot read what code with the other one sends. */
export interface DefinitionBreak {
  /** Dotted path of the field; `[]` means the items of a list, `{}` the values of a map, `''` the event. */
  readonly path: string;
  /** `backward`: new code reads old events. `forward`: old code reads new events. */
  readonly direction: 'backward' | 'forward';
  readonly message: string;
  readonly cure: string;
  /** Who cannot read them. */
  readonly readers: ReadonlySet<Reader>;
}

/** Those who read events: services with this library on any bus, and Python services by their bus. */
export type Reader = 'typescript' | 'python-kafka' | 'python-redis';
