import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { reservePort } from './reserve-port.js';

/**
 * Below the ports that systems give to outgoing connections (Linux from 32768, others from 49152): there a client that
 * reconnects to a killed server can be given the server's own port, connect to itself, and keep the server from coming back.
 */
const lowest = 20_000;
const highest = 32_000;

/**
 * A TCP port of 127.0.0.1 on which nothing listens, and that no other process gets from here as long as this one runs: a
 * server may need seconds to listen, and one that was killed comes back to its port. Somebody else may take it: then ask
 * again.
 */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const port = randomInt(lowest, highest);
    if ((await isFree(port)) && reservePort(port)) return port;
  }
  throw new Error(`100 ports of 127.0.0.1 between ${lowest} and ${highest} are all in use`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
