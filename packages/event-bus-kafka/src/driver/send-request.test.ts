import { InfrastructureError } from '@openedx-ts/events-core';
import { describe, expect, it, vi } from 'vitest';
import { fakeBroker } from './fake-broker.test-support.js';
import type { RequestType } from './protocol/request-type.js';
import { sendRequest } from './send-request.js';

/** A request whose answer is the version that it was sent in, and a number of the broker. */
const request: RequestType<number, { readonly version: number; readonly number: number }> = {
  apiKey: 77,
  apiName: 'Sample',
  minVersion: 2,
  maxVersion: 5,
  flexibleFrom: 4,
  write: (writer, number) => {
    writer.int32(number).taggedFields();
  },
  read: (reader, version) => ({ version, number: reader.int32() }),
};
/** Throttle time 0 and the number 42; flexible versions have tagged fields before it, here none. */
const response = (apiVersion: number) =>
  Buffer.from(`${apiVersion >= request.flexibleFrom ? '00' : ''}000000000000002a`, 'hex');

const send = (offered: number, maxVersion?: number) => {
  const broker = fakeBroker({
    versions: { [request.apiKey]: offered },
    respond: ({ apiVersion }) => response(apiVersion),
  });
  return sendRequest(broker, request, 1, { timeoutMs: 1_000, maxVersion });
};

describe('sendRequest', () => {
  it.each([
    [9, 5],
    [5, 5],
    [4, 4],
    [3, 3],
    [2, 2],
  ])(
    'sends to a broker that offers version %i in version %i, and reads the answer',
    async (offered, version) => {
      expect(await send(offered)).toStrictEqual({ version, number: 42 });
    },
  );

  it('sends in an older version where the query asks for it', async () => {
    expect(await send(9, 3)).toStrictEqual({ version: 3, number: 42 });
  });

  it.each([1, 0])('refuses a broker that offers version %i at most, and names the cure', async (offered) => {
    const sent = send(offered);
    await expect(sent).rejects.toBeInstanceOf(InfrastructureError);
    await expect(sent).rejects.toThrow(
      `Kafka at broker-1:9092 offers Sample up to version ${offered}, and version 2 is needed: use Kafka 2.3 or newer`,
    );
  });

  it('refuses a broker that does not offer the request at all', async () => {
    await expect(sendRequest(fakeBroker({}), request, 1, { timeoutMs: 1_000 })).rejects.toThrow(
      'up to version 0',
    );
  });

  it('disconnects after a lost connection, so that the next request connects again', async () => {
    const disconnect = vi.fn(async () => {});
    const lost = Object.assign(new Error('Closed connection'), { name: 'KafkaJSConnectionClosedError' });
    const broker = fakeBroker({
      versions: { [request.apiKey]: 5 },
      respond: () => {
        throw lost;
      },
      methods: { disconnect },
    });
    await expect(sendRequest(broker, request, 1, { timeoutMs: 1_000 })).rejects.toBe(lost);
    expect(disconnect).toHaveBeenCalledOnce();
  });
});
