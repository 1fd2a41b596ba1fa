import { InfrastructureError } from '@openedx-ts/events-core';
import type { KafkajsBroker } from './kafkajs-broker.js';
import { ProtocolReader } from './protocol/protocol-reader.js';
import { ProtocolWriter } from './protocol/protocol-writer.js';
import type { RequestType } from './protocol/request-type.js';

/** How to send a request. */
export interface SendOptions {
  /** How long kafkajs waits for the response, in milliseconds. */
  readonly timeoutMs: number;
  /** The newest version to use, where not every version can carry the query. @defaultValue the newest of the type */
  readonly maxVersion?: number | undefined;
}

/**
 * Sends a request of our own encoding over a connection of kafkajs, in the newest version that both sides know.
 *
 * @throws InfrastructureError when the broker offers no version that this package speaks
 */
export async function sendRequest<Query, Answer>(
  broker: KafkajsBroker,
  type: RequestType<Query, Answer>,
  query: Query,
  { timeoutMs, maxVersion = type.maxVersion }: SendOptions,
): Promise<Answer> {
  const version = negotiatedVersion(broker, type, maxVersion);
  const isFlexible = version >= type.flexibleFrom;
  const body = encodeBody(type, query, version);
  try {
    return (await broker.connectionPool.send({
      request: {
        apiKey: type.apiKey,
        apiVersion: version,
        apiName: type.apiName,
        encode: async () => ({ buf: body, buffer: body }),
      },
      response: {
        decode: async (bytes) => {
          const reader = new ProtocolReader(bytes, isFlexible);
          reader.taggedFields(); // the end of response header 1, which flexible versions have
          const isLast = type.isThrottleTimeLast === true;
          const before = isLast ? 0 : reader.int32();
          const answer = type.read(reader, version);
          const clientSideThrottleTime = isLast ? reader.int32() : before; // kafkajs waits so long (KIP-219)
          return { clientSideThrottleTime, answer };
        },
        parse: async (decoded) => (decoded as { readonly answer: unknown }).answer,
      },
      requestTimeout: timeoutMs,
    })) as Answer;
  } catch (error) {
    // As kafkajs does for its own requests: its next one connects again.
    if (error instanceof Error && error.name === 'KafkaJSConnectionClosedError') await broker.disconnect();
    throw error;
  }
}

/**
 * The bytes that follow kafkajs' request header 1. Flexible versions have request header 2, which is header 1 with
 * tagged fields at its end.
 */
export function encodeBody<Query, Answer>(
  { flexibleFrom, write }: RequestType<Query, Answer>,
  query: Query,
  version: number,
): Buffer {
  const writer = new ProtocolWriter(version >= flexibleFrom).taggedFields();
  write(writer, query, version);
  return writer.toBuffer();
}

function negotiatedVersion<Query, Answer>(
  { versions, brokerAddress }: KafkajsBroker,
  { apiKey, apiName, minVersion }: RequestType<Query, Answer>,
  maxVersion: number,
): number {
  const offered = versions?.[apiKey]?.maxVersion ?? 0;
  const version = Math.min(offered, maxVersion);
  if (version >= minVersion) return version;
  throw new InfrastructureError(
    `Kafka at ${brokerAddress} offers ${apiName} up to version ${offered}, and version ${minVersion} is needed: use Kafka 2.3 or newer`,
  );
}
