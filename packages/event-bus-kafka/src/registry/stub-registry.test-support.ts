import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that the stub got. */
export interface StubRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

/** What the stub answers; undefined for nothing at all. */
export interface StubAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON unless it is a text. */
  readonly body?: unknown;
}

/** A registry that answers what a test tells it to. */
export class StubRegistry implements AsyncDisposable {
  readonly requests: StubRequest[] = [];
  answer: (request: StubRequest) => StubAnswer | undefined = () => ({ body: { id: 1 } });
  #server: Server | undefined;
  #port = 0;

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async start(): Promise<this> {
    const server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const text = Buffer.concat(chunks).toString('utf8');
      const { method = '', url: path = '', headers } = request;
      const isJson = headers['content-type']?.includes('json') === true;
      const body: unknown = text !== '' && isJson ? JSON.parse(text) : text || undefined;
      const got = { method, path, headers, body };
      this.requests.push(got);
      const answer = this.answer(got);
      if (answer === undefined) return;
      response.writeHead(answer.status ?? 200, { connection: 'close', ...answer.headers });
      response.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body ?? {}));
    });
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
    return this;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    server?.closeAllConnections();
    await new Promise<void>((resolve) => (server === undefined ? resolve() : server.close(() => resolve())));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}
