import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A connection that sends inline commands and reads the raw replies. */
export class RedisClient implements Disposable {
  readonly #socket: Socket;
  #received = '';

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('error', () => {});
    socket.setEncoding('utf8').on('data', (text: string) => {
      this.#received += text;
    });
  }

  static async open(address: { readonly host: string; readonly port: number }): Promise<RedisClient> {
    const socket = connect({ host: address.host, port: address.port });
    await once(socket, 'connect');
    return new RedisClient(socket);
  }

  /** What came since something was last sent. */
  get received(): string {
    return this.#received;
  }

  send(command: string): void {
    this.#received = '';
    this.#socket.write(`${command}\r\n`);
  }

  /** Sends a command and waits for something to come back. */
  async ask(command: string): Promise<string> {
    this.send(command);
    while (!this.#received.endsWith('\r\n')) await once(this.#socket, 'data');
    return this.#received.trimEnd();
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }
}

/** Asks one question over a connection of its own. */
export async function askOnce(
  address: { readonly host: string; readonly port: number },
  command: string,
): Promise<string> {
  using client = await RedisClient.open(address);
  return await client.ask(command);
}
