import { connect } from 'node:net';

/** Where a server listens. */
export type MysqlAddress = { readonly path: string } | { readonly host: string; readonly port: number };

/** Whether a server accepts a connection: it greets with version 10 of its protocol. False while it starts up. */
export function askMysql(address: MysqlAddress, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(address);
    const end = (answer: boolean) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    const timer = setTimeout(() => end(false), timeoutMs);
    let received = Buffer.alloc(0);
    socket.on('error', () => end(false));
    socket.on('close', () => end(false));
    socket.on('data', (bytes) => {
      received = Buffer.concat([received, bytes]);
      // A head of four bytes, then the version; 255 instead is an error, such as too many connections.
      if (received.length > 4) end(received[4] === 10);
    });
  });
}
