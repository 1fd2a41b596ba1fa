import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createServer as createTlsServer, type TLSSocket, type TlsOptions } from 'node:tls';

/** A server that records every byte that it gets in clear text, and may speak TLS behind that. */
export interface RecordingServer extends AsyncDisposable {
  readonly port: number;
  /** What crossed the network, connection by connection. */
  readonly received: readonly Buffer[];
  /** The names that clients asked for (SNI); false for none. */
  readonly serverNames: readonly (string | false | undefined)[];
}

/**
 * Starts a server. It answers each command of RESP with what `answer` returns for its words.
 *
 * @param tls undefined for a server that speaks no TLS
 */
export async function recordingServer(
  answer: (words: readonly string[]) => string,
  tls?: TlsOptions,
): Promise<RecordingServer> {
  const received: Buffer[] = [];
  const serverNames: (string | false | undefined)[] = [];
  const sockets = new Set<Socket>();
  const serve = (socket: Socket) => {
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      for (const words of commandsIn(bytes.toString('utf8'))) socket.write(answer(words));
    });
  };
  const inner = tls === undefined ? undefined : createTlsServer(tls);
  inner?.on('secureConnection', (socket: TLSSocket) => {
    serverNames.push((socket as { readonly servername?: string | false }).servername);
    serve(socket);
  });
  inner?.on('tlsClientError', () => {});
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    const index = received.push(Buffer.alloc(0)) - 1;
    const note = (bytes: Buffer) => {
      received[index] = Buffer.concat([received[index] ?? Buffer.alloc(0), bytes]);
    };
    socket.on('data', note);
    if (inner === undefined) return serve(socket);
    socket.pause();
    socket.once('data', (bytes: Buffer) => {
      socket.removeListener('data', note);
      socket.pause();
      socket.unshift(bytes);
      inner.emit('connection', socket);
    });
    socket.resume();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    received,
    serverNames,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The commands of a text in RESP, as words. */
function commandsIn(text: string): readonly (readonly string[])[] {
  const lines = text.split('\r\n');
  const commands: string[][] = [];
  for (let at = 0; lines[at]?.startsWith('*'); ) {
    const count = Number(lines[at]?.slice(1));
    commands.push(Array.from({ length: count }, (_, index) => lines[at + 2 + 2 * index] ?? ''));
    at += 1 + 2 * count;
  }
  return commands;
}
