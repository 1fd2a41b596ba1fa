import { connect } from 'node:net';

/** Where a server listens. */
export type PostgresAddress = { readonly path: string } | { readonly host: string; readonly port: number };

/** Whether a server accepts a connection: it is ready, or asks for a password. False while it starts up. */
export function askPostgres(address: PostgresAddress, timeoutMs: number): Promise<boolean> {
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
      for (const { type, body } of messagesOf(received)) {
        const asksForPassword = type === 'R' && body.readInt32BE(0) !== 0;
        if (type === 'Z' || asksForPassword) end(true);
        else if (type === 'E') end(false);
      }
    });
    socket.write(startupMessage('postgres'));
  });
}

/** The first message of a connection: protocol 3.0, user and database of that name. */
export function startupMessage(name: string): Buffer {
  const body = Buffer.from(`\0\u0003\0\0user\0${name}\0database\0${name}\0\0`, 'latin1');
  const size = Buffer.alloc(4);
  size.writeInt32BE(body.length + 4);
  return Buffer.concat([size, body]);
}

/** The whole messages at the beginning of what was received. */
export function messagesOf(received: Buffer): { readonly type: string; readonly body: Buffer }[] {
  const messages: { type: string; body: Buffer }[] = [];
  for (let at = 0; at + 5 <= received.length; ) {
    const end = at + 1 + received.readInt32BE(at + 1);
    if (end > received.length) break;
    messages.push({ type: received.toString('latin1', at, at + 1), body: received.subarray(at + 5, end) });
    at = end;
  }
  return messages;
}
