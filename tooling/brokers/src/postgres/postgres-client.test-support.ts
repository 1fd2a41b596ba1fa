import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { messagesOf, startupMessage } from './ask-postgres.js';

/** A connection that asks one question at a time. */
export class PostgresClient implements Disposable {
  readonly #socket: Socket;
  #received = Buffer.alloc(0);

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      this.#received = Buffer.concat([this.#received, bytes]);
    });
  }

  static async open(address: { readonly host: string; readonly port: number }): Promise<PostgresClient> {
    const client = new PostgresClient(connect({ host: address.host, port: address.port }));
    client.#socket.write(startupMessage('postgres'));
    await client.#answer();
    return client;
  }

  /** Whether nothing has come since the last question. */
  get silent(): boolean {
    return this.#received.length === 0;
  }

  send(sql: string): void {
    this.#received = Buffer.alloc(0);
    const body = Buffer.from(`${sql}\0`);
    const head = Buffer.from('Q\0\0\0\0');
    head.writeInt32BE(body.length + 4, 1);
    this.#socket.write(Buffer.concat([head, body]));
  }

  /** The first column of the rows, as text. */
  async ask(sql: string): Promise<string[]> {
    this.send(sql);
    return this.#answer();
  }

  async #answer(): Promise<string[]> {
    while (!messagesOf(this.#received).some(({ type }) => type === 'Z')) await once(this.#socket, 'data');
    const rows = messagesOf(this.#received).filter(({ type }) => type === 'D');
    return rows.map(({ body }) => body.toString('utf8', 6, 6 + body.readInt32BE(2)));
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }
}
