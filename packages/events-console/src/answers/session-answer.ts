/** Who looks, and what they may do. */
export interface SessionAnswer {
  /** The name of the bus: `memory`, `redis`, `kafka`. */
  readonly bus: string;
  /** Null when the console was made without `access`: then nothing can be changed or unmasked. */
  readonly who: string | null;
  readonly mayAct: boolean;
  readonly mayUnmask: boolean;
  /** Where traces are shown, with `{traceId}` in it; null for nowhere. */
  readonly traceUrl: string | null;
}
