import { BrokerFailedError } from '../ladder/broker-failed-error.js';
import type { ControllableServer, ServerSource } from './controllable-server.js';
import type { ServerLaunch } from './server-launch.js';

/** Another process may take a port between our asking and the server's binding. */
const portAttempts = 5;

/**
 * Starts a server and waits until it answers; tries again when somebody else took its port.
 * @param prepare chooses free ports and lays everything ready, once an attempt
 * @returns the server, and what `prepare` has laid ready
 * @throws {BrokerFailedError} when it does not come up
 */
export async function startedServer<Launch extends ServerLaunch & { readonly port: number }>(
  chosen: ServerSource,
  prepare: () => Promise<Launch>,
): Promise<readonly [ControllableServer, Launch]> {
  for (let attempt = 1; ; attempt += 1) {
    const launch = await prepare();
    try {
      await launch.control.start();
      await launch.ready();
      return [controllable(launch, { host: '127.0.0.1', port: launch.port, chosen }), launch];
    } catch (error) {
      await launch.control.remove();
      if (attempt === portAttempts || !isPortTaken(error)) throw error;
    }
  }
}

function isPortTaken(error: unknown): boolean {
  return error instanceof BrokerFailedError && /in use|already allocated/i.test(error.logTail);
}

function controllable(
  { control, ready }: ServerLaunch,
  facts: Pick<ControllableServer, 'host' | 'port' | 'chosen'>,
): ControllableServer {
  const start = async () => {
    await control.start();
    await ready();
  };
  return {
    ...facts,
    start,
    stop: control.stop,
    async restart() {
      await control.stop();
      await start();
    },
    kill: control.kill,
    freeze: control.freeze,
    async unfreeze() {
      await control.unfreeze();
      await ready();
    },
    [Symbol.asyncDispose]: control.remove,
  };
}
