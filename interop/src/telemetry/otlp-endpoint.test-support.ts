import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

/** A span as OTLP/HTTP carries it in JSON, as far as the tests look at it. */
export interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  /** 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  readonly kind: number;
  readonly attributes: readonly { readonly key: string }[];
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[];
}

/** An endpoint of OTLP/HTTP that keeps the spans that it receives. */
export interface OtlpEndpoint extends AsyncDisposable {
  readonly url: string;
  readonly spans: readonly OtlpSpan[];
}

/** Starts an endpoint on a free port. */
export async function startOtlpEndpoint(): Promise<OtlpEndpoint> {
  const spans: OtlpSpan[] = [];
  const server = createServer(async (request, response) => {
    spans.push(...(await spansIn(request)));
    response.setHeader('content-type', 'application/json').end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1/traces`,
    spans,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function spansIn(request: IncomingMessage): Promise<readonly OtlpSpan[]> {
  const { resourceSpans } = (await json(request)) as {
    resourceSpans: { scopeSpans: { spans: OtlpSpan[] }[] }[];
  };
  return resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans));
}
