import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { type Direction, Faults, type Way, type Where } from './faults.js';
import { type FaultyDirection, faultyDirection } from './faulty-direction.js';

/** A TCP proxy on 127.0.0.1 that breaks what goes through it, until `heal`. */
export interface FaultProxy extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  /** Connections open now. */
  readonly connections: number;
  /** What is sent arrives this much later; 0 ends it. Opening a connection is not delayed. */
  latency(ms: number, where?: Where): void;
  /** No more bytes than this arrive in a second; `Infinity` ends it. */
  bandwidth(bytesPerSecond: number, where?: Where): void;
  /**
   * When a client closes or breaks a connection, the server learns of it this much later than of the bytes before, and
   * what it sends until then is discarded. `Infinity`: not before `heal`.
   */
  lateEnd(ms: number, where?: Pick<Where, 'sent'>): void;
  /** Connections are accepted and stay open; no byte arrives on either side. What is sent arrives after `heal`. */
  stall(): void;
  /** `stall` in one direction. `toClient`: the server executes requests and its answers do not arrive. */
  oneWayCut(direction: Direction): void;
  /** Breaks every open connection with RST on both sides; new connections are accepted as before. */
  reset(): void;
  /** Ends every fault: what was held arrives now. */
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
  const faults = new Faults();
  const pairs = new Set<Pair>();

  const listener = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    const pair = connectedPair(client, options.target, faults);
    pairs.add(pair);
    // However one side breaks, the other side gets an RST.
    client.on('error', () => pair.directions[0].breakOff());
    pair.sockets[1].on('error', () => reset(pair));
    for (const socket of pair.sockets) {
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
    latency: (ms: number, where: Where = {}) => change(() => faults.add('latencyMs', ms, where)),
    bandwidth: (bytesPerSecond: number, where: Where = {}) =>
      change(() => faults.add('bytesPerSecond', bytesPerSecond, where)),
    lateEnd: (ms: number, where: Pick<Where, 'sent'> = {}) =>
      change(() => faults.add('endDelayMs', ms, { ...where, direction: 'toServer' })),
    stall: () =>
      change(() => {
        faults.held.toServer = true;
        faults.held.toClient = true;
      }),
    oneWayCut: (direction: Direction) =>
      change(() => {
        faults.held[direction] = true;
      }),
    reset() {
      for (const pair of pairs) reset(pair);
    },
    heal: () => change(() => faults.clear()),
    close,
    [Symbol.asyncDispose]: close,
  });
}

interface Pair {
  readonly sockets: readonly [client: Socket, server: Socket];
  readonly directions: readonly [toServer: FaultyDirection, toClient: FaultyDirection];
}

function connectedPair(client: Socket, target: { host: string; port: number }, faults: Faults): Pair {
  const { host, port } = target;
  const server = connect({ host, port, allowHalfOpen: true, noDelay: true });
  let sent = '';
  const note = (bytes: Buffer) => {
    sent += bytes.toString('latin1', 0, NOTED_BYTES - sent.length);
    if (sent.length >= NOTED_BYTES) client.off('data', note);
  };
  client.on('data', note);
  const options = (direction: Direction) => {
    const way: Way = {
      direction,
      get sent() {
        return sent;
      },
    };
    return {
      isHeld: () => faults.held[direction],
      latencyMs: () => faults.latencyMs(way),
      bytesPerSecond: () => faults.bytesPerSecond(way),
      endDelayMs: () => faults.endDelayMs(way),
      reset: () => reset(pair),
    };
  };
  const pair: Pair = {
    sockets: [client, server],
    directions: [
      faultyDirection(client, server, options('toServer')),
      faultyDirection(server, client, options('toClient')),
    ],
  };
  return pair;
}

/** How much of what a client sends is looked at by faults that concern some connections only. */
const NOTED_BYTES = 4_096;

function reset({ sockets }: Pair): void {
  for (const socket of sockets) {
    // A socket that is still connecting has nothing to reset.
    if (socket.connecting) socket.destroy();
    else if (!socket.destroyed) socket.resetAndDestroy();
  }
}
