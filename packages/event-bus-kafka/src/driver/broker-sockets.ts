import { connect as connectPlain, isIP, Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { isLoopback } from '@openedx-ts/events-core/bus';

/** What decides how sockets are opened. */
export interface BrokerSocketsOptions {
  /** In milliseconds. */
  readonly connectTimeoutMs: number;
  /** The credentials, if any: they are not sent to another machine in clear text. */
  readonly sasl?: object | undefined;
  /** @defaultValue false */
  readonly allowInsecure?: boolean;
}

/** The code of an error about a connection that would carry credentials in clear text. */
export const CLEAR_TEXT = 'CLEAR_TEXT_CREDENTIALS';

/** What kafkajs asks a socket with. */
export interface SocketRequest {
  readonly host: string;
  readonly port: number;
  readonly ssl: ConnectionOptions | undefined;
  readonly onConnect: () => void;
}

/**
 * The sockets of one client, so that dead ones can be cut: kafkajs goes on writing into a connection whose peer is
 * frozen, and leaves one half open that never came up.
 */
export class BrokerSockets {
  readonly #connectTimeoutMs: number;
  readonly #mayExpose: boolean;
  readonly #open = new Map<Socket, string>();
  #closedBecause: string | undefined;
  #haveEnded = false;

  constructor({ connectTimeoutMs, sasl, allowInsecure = false }: BrokerSocketsOptions) {
    this.#connectTimeoutMs = connectTimeoutMs;
    this.#mayExpose = sasl === undefined || allowInsecure;
  }

  /** Whether one that was connected has ended: what answers at its address from then on may be another cluster. */
  get haveEnded(): boolean {
    return this.#haveEnded;
  }

  /** Opens a socket; given to kafkajs. */
  open({ host, port, ssl, onConnect }: SocketRequest): Socket {
    if (this.#closedBecause !== undefined) return new Socket().destroy(new Error(this.#closedBecause));
    let timer: NodeJS.Timeout | undefined;
    const connected = () => {
      clearTimeout(timer);
      socket.once('close', () => {
        this.#haveEnded = true;
      });
      // Brokers advertise any address, and a local name may lead elsewhere. Nothing was sent yet.
      if (isPlain && !this.#mayExpose && !isLoopback(socket.remoteAddress ?? '')) {
        socket.destroy(Object.assign(new Error('credentials in clear text'), { code: CLEAR_TEXT }));
      } else onConnect();
    };
    const isPlain = ssl === undefined || ssl === null;
    const servername = isIP(host) === 0 ? { servername: host.replace(/\.$/, '') } : {};
    const socket = isPlain
      ? connectPlain({ host, port }, connected)
      : connectTls({ host, port, ...servername, ...ssl }, connected);
    timer = setTimeout(
      () => socket.destroy(new Error(`no connection within ${this.#connectTimeoutMs} ms`)),
      this.#connectTimeoutMs,
    );
    socket.setMaxListeners(0); // kafkajs ends a dead one for each request that waited, and Node adds a listener each time
    socket.setKeepAlive(true, 30_000);
    socket.setNoDelay(true);
    this.#open.set(socket, `${host}:${port}`);
    socket.once('close', () => {
      clearTimeout(timer);
      this.#open.delete(socket);
    });
    return socket;
  }

  /** Cuts the connections to one broker, or all. What waits on them fails at once. */
  cut(reason: string, broker?: string): void {
    for (const [socket, peer] of this.#open) {
      if (broker === undefined || peer === broker) socket.destroy(new Error(reason));
    }
  }

  /** Cuts all connections for good: a client that is in the middle of connecting again gets none. */
  close(reason = 'the connection is not used any more'): void {
    this.#closedBecause = reason;
    this.cut(reason);
  }
}
