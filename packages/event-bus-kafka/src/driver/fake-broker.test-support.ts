import type { KafkajsBroker } from './kafkajs-broker.js';

/** What a fake broker offers and answers. */
export interface FakeBrokerOptions {
  /** The newest version it offers of each request, by API key. */
  readonly versions?: Readonly<Record<number, number>>;
  /** The response body of a request behind its header: throttle time first. It may throw. */
  readonly respond?: (request: { readonly apiName: string; readonly apiVersion: number }) => Buffer;
  /** Methods of kafkajs' broker. */
  readonly methods?: Partial<KafkajsBroker>;
}

/** A broker without a network, as kafkajs presents one. */
export function fakeBroker({ versions = {}, respond, methods = {} }: FakeBrokerOptions): KafkajsBroker {
  const broker: Partial<KafkajsBroker> = {
    brokerAddress: 'broker-1:9092',
    nodeId: 1,
    versions: Object.fromEntries(
      Object.entries(versions).map(([apiKey, maxVersion]) => [apiKey, { maxVersion }]),
    ),
    connectionPool: {
      send: async ({ request, response }) => {
        await request.encode();
        const bytes = respond?.(request) ?? Buffer.alloc(0);
        return response.parse(await response.decode(bytes));
      },
    },
    disconnect: async () => {},
    ...methods,
  };
  return broker as KafkajsBroker;
}
