import { NotControllableError } from '../ladder/not-controllable-error.js';
import type { ControllableServer } from './controllable-server.js';

/** A server that somebody else runs: it can be used, and nothing else. */
export function environmentServer(
  broker: string,
  variable: string,
  address: Pick<ControllableServer, 'host' | 'port'>,
): ControllableServer {
  const refuse = (action: string) => async () => {
    throw new NotControllableError(broker, action, variable);
  };
  const nothing = async () => {};
  return {
    ...address,
    chosen: 'environment',
    start: refuse('start'),
    stop: nothing,
    restart: refuse('restart'),
    kill: refuse('kill'),
    freeze: refuse('freeze'),
    unfreeze: refuse('unfreeze'),
    [Symbol.asyncDispose]: nothing,
  };
}
