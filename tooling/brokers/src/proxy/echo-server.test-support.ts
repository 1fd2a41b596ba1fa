import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A server that keeps what it gets and sends it back. */
export interface EchoServer extends AsyncDisposable {
  readonly address: { readonly host: string; readonly port: number };
  /** Everything it got, of all connections. */
  received(): string;
  /** Connections that ended with an error: its code, or `end`. */
  readonly endings: readonly string[];
}

export async function startEchoServer(): Promise<EchoServer> {
  let received = '';
  const endings: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.setEncoding('utf8').on('data', (text: string) => {
      received += text;
      socket.write(text);
    });
    socket.on('end', () => endings.push('end'));
    socket.on('error', (error: NodeJS.ErrnoException) => endings.push(error.code ?? ''));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: { host: '127.0.0.1', port: (server.address() as AddressInfo).port },
    received: () => received,
    endings,
    async [Symbol.asyncDispose]() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}

/** A client that keeps what it gets. */
export class Client implements Disposable {
  readonly socket: Socket;
  received = '';
  ending = '';

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setEncoding('utf8').on('data', (text: string) => {
      this.received += text;
    });
    socket.on('end', () => {
      this.ending = 'end';
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      this.ending = error.code ?? '';
    });
  }

  static async open(address: { readonly host: string; readonly port: number }): Promise<Client> {
    const socket = connect({ host: address.host, port: address.port });
    const client = new Client(socket);
    await once(socket, 'connect');
    return client;
  }

  [Symbol.dispose](): void {
    this.socket.destroy();
  }
}
