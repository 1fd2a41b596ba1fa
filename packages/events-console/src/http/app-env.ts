import type { IncomingMessage } from 'node:http';
import type { ConsoleAccess } from '../access/console-access.js';

/** What Hono carries with a request. */
export interface AppEnv {
  readonly Bindings: { readonly incoming?: IncomingMessage };
  readonly Variables: { access: ConsoleAccess };
}
