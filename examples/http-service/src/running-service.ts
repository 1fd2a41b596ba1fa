/** A service that takes requests. */
export interface RunningService {
  /** Where it takes them, e.g. `http://127.0.0.1:8001`. */
  readonly url: string;
  /** Accepts no more requests, finishes those in flight, then closes its event bus. Safe to call twice. */
  close(): Promise<void>;
}
