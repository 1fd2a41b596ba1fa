import type { ConsoleAccess } from '../access/console-access.js';
import type { AuditEntry } from '../answers/audit-entry.js';

/** A request to the console's interface, after its access was decided. */
export interface ConsoleRequest {
  /** The parts of the path that the route names. */
  readonly param: (name: string) => string;
  readonly query: URLSearchParams;
  /** The JSON object of the body; empty for `GET`. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly access: ConsoleAccess;
  /** Whether a browser connects again to server-sent events. */
  readonly isReconnect: boolean;
  /** Fires when the client has left or the console closes. */
  readonly abortSignal: AbortSignal;
  /**
   * Whether personal data are shown: asked for by `unmask=1`, granted by `access`, and recorded.
   *
   * @throws ConsoleError when it was asked for and is not granted
   */
  readonly unmask: (target: string) => Promise<boolean>;
  /**
   * Runs what changes something, recorded before and after.
   *
   * @returns what `work` returns
   */
  readonly audited: <T>(act: AuditedAct, work: () => Promise<T>) => Promise<T>;
}

/** What is recorded of an action. */
export interface AuditedAct {
  readonly action: AuditEntry['action'];
  readonly target: string;
  readonly facts: AuditEntry['facts'];
}

/** One route of the interface. `GET` changes nothing; `POST` needs `act`, and comes from the console's own page. */
export interface ConsoleRoute {
  readonly method: 'GET' | 'POST';
  /** Under `/api`, in Hono's form: `/topics/:topic/events`. */
  readonly path: string;
  /** What is sent as JSON; or each thing that it yields as a server-sent event. */
  readonly answer: (request: ConsoleRequest) => Promise<object> | AsyncIterable<object>;
}
