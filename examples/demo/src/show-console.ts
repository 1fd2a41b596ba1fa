import { userInfo } from 'node:os';
import { loadCatalogSignal } from '@openedx-ts/events-catalog';
import { type ServedConsole, serveConsole } from '@openedx-ts/events-console';
import type { Environment } from '@openedx-ts/events-core';
import { loadBus } from '@openedx-ts/events-core/operate';

/**
 * Shows the bus of the demo in a browser, with the right to change everything: nobody but the demo uses its topics. Prints the
 * address to stderr.
 *
 * @throws BusLoadError when there is no such bus, and what its admin throws
 */
export async function showConsole(bus: string, env: Environment): Promise<AsyncDisposable> {
  const plugin = await loadBus(bus);
  if (plugin.createAdmin === undefined) throw new TypeError(`the bus ${bus} shows nothing to operators`);
  // The services use a prefix of their own: without one every topic is shown.
  const admin = await plugin.createAdmin({ ...env, EVENT_BUS_TOPIC_PREFIX: undefined });
  let served: ServedConsole;
  try {
    const grants = { act: true, unmask: true };
    served = await serveConsole({
      admin,
      busName: bus,
      who: userInfo().username,
      loadSignal: loadCatalogSignal,
      ...grants,
    });
  } catch (error) {
    await admin.close();
    throw error;
  }
  process.stderr.write(`demo: open ${served.url} in a browser, once\n`);
  return {
    [Symbol.asyncDispose]: async () => {
      await served.close();
      await admin.close();
    },
  };
}
