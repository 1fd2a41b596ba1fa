/** A service that accepts requests. */
export interface RunningService {
  /** Its URL, e.g. `http://127.0.0.1:8001`. */
  readonly url: string;
  /** Accepts no more requests, finishes those in flight, then closes its event bus. Safe to call twice. */
  close(): Promise<void>;
}
