/** How a producer or consumer is. */
export interface Health {
  /** It can still do its work or come back to it by itself; when false, only a restart helps. */
  readonly live: boolean;
  /** It does its work right now. */
  readonly ready: boolean;
  /** Why it is not live or not ready; empty when all is well. */
  readonly reasons: readonly string[];
}

/** The health of several things as one. */
export function combineHealth(parts: readonly Health[]): Health {
  return {
    live: parts.every(({ live }) => live),
    ready: parts.every(({ ready }) => ready),
    reasons: parts.flatMap(({ reasons }) => reasons),
  };
}
