import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { type FaultyDirection, faultyDirection } from './faulty-direction.js';

/** The way bytes go. */
export type Direction = 'toServer' | 'toClient';

/** A TCP proxy on 127.0.0.1 that breaks what goes through it, until `heal`. */
export interface FaultProxy extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  /** Connections open now. */
  readonly connections: number;
  /** Everything arrives this much later, in both directions; 0 ends it. Opening a connection is not delayed. */
  latency(ms: number): void;
  /** Connections are accepted and stay open; no byte arrives on either side. What is sent arrives after `heal`. */
  stall(): void;
  /** `stall` in one direction. `toClient`: the server executes requests and its answers do not arrive. */
  oneWayCut(direction: Direction): void;
  /** Breaks every open connection with RST on both sides; new connections are accepted as before. */
  reset(): void;
  /** Ends latency, stall and cut: what was held arrives now. */
  heal(): void;
  /** Stops listening and breaks every connection. */
  close(): Promise<void>;
}

/**
 * Starts a proxy in front of a server, which need not run yet: then clients are reset.
 * @param options.port default any that is free; from `freePort` where the server must know it before
 */
export async function startFaultProxy(options: {
  readonly target: { readonly host: string; readonly port: number };
  readonly port?: number;
}): Promise<FaultProxy> {
  const faults: Faults = { latencyMs: 0, held: { toServer: false, toClient: false } };
  const pairs = new Set<Pair>();

  const listener = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    const pair = connectedPair(client, options.target, faults);
    pairs.add(pair);
    for (const socket of pair.sockets) {
      // However one side breaks, the other side gets an RST.
      socket.on('error', () => reset(pair));
      socket.on('close', () => {
        if (pair.sockets.every(({ closed }) => closed)) pairs.delete(pair);
      });
    }
  });
  listener.listen(options.port ?? 0, '127.0.0.1');
  await once(listener, 'listening');

  const change = (what: () => void) => {
    what();
    for (const { directions } of pairs) for (const direction of directions) direction.update();
  };
  const close = async () => {
    if (!listener.listening) return;
    listener.close();
    for (const pair of pairs) reset(pair);
    await once(listener, 'close');
  };
  return Object.freeze({
    host: '127.0.0.1',
    port: (listener.address() as AddressInfo).port,
    get connections() {
      return pairs.size;
    },
    latency: (ms: number) =>
      change(() => {
        faults.latencyMs = ms;
      }),
    stall: () =>
      change(() => {
        faults.held = { toServer: true, toClient: true };
      }),
    oneWayCut: (direction: Direction) =>
      change(() => {
        faults.held[direction] = true;
      }),
    reset() {
      for (const pair of pairs) reset(pair);
    },
    heal: () =>
      change(() => {
        faults.latencyMs = 0;
        faults.held = { toServer: false, toClient: false };
      }),
    close,
    [Symbol.asyncDispose]: close,
  });
}

interface Pair {
  readonly sockets: readonly [client: Socket, server: Socket];
  readonly directions: readonly FaultyDirection[];
}

/** What the proxy does to bytes now. */
interface Faults {
  latencyMs: number;
  held: Record<Direction, boolean>;
}

function connectedPair(client: Socket, target: { host: string; port: number }, faults: Faults): Pair {
  const { host, port } = target;
  const server = connect({ host, port, allowHalfOpen: true, noDelay: true });
  const latency = () => faults.latencyMs;
  return {
    sockets: [client, server],
    directions: [
      faultyDirection(client, server, () => faults.held.toServer, latency),
      faultyDirection(server, client, () => faults.held.toClient, latency),
    ],
  };
}

function reset({ sockets }: Pair): void {
  for (const socket of sockets) {
    // A socket that is still connecting has nothing to reset.
    if (socket.connecting) socket.destroy();
    else if (!socket.destroyed) socket.resetAndDestroy();
  }
}
