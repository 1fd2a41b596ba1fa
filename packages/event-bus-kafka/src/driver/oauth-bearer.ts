import type { AuthenticationProviderArgs, Mechanism } from 'kafkajs';

/**
 * SASL OAUTHBEARER (RFC 7628) for kafkajs, whose own does not look at what the broker answers to a token: it takes a
 * refusal for a login, and the connection that the broker then closes for an outage.
 */
export function oauthBearer(token: () => string | Promise<string>): Mechanism {
  return {
    mechanism: 'oauthbearer',
    authenticationProvider: ({ saslAuthenticate }) => ({
      authenticate: async () => {
        const first = `n,,\u0001auth=Bearer ${await token()}\u0001\u0001`;
        const refusal = await saslAuthenticate({ request: withLength(first), response: asText });
        if (!refusal) return;
        // The broker says nothing more before it is told that its refusal was read.
        await saslAuthenticate({ request: withLength('\u0001') }).catch(() => {});
        throw new TokenRefused(`the broker does not take the token: ${refusal}`);
      },
    }),
  };
}

/** Says the same to kafkajs as a refused password. */
class TokenRefused extends Error {
  readonly type = 'SASL_AUTHENTICATION_FAILED';
  readonly retriable = false;
}

type SaslMessage = Parameters<AuthenticationProviderArgs['saslAuthenticate']>[0]['request'];

function withLength(text: string): SaslMessage {
  const bytes = Buffer.from(text);
  const length = Buffer.alloc(4);
  length.writeInt32BE(bytes.length);
  return { encode: () => Buffer.concat([length, bytes]) };
}

/** Nothing when the token was taken; else why it was not. */
const asText = {
  decode: (rawData: Buffer): Buffer => rawData.subarray(4),
  parse: (data: Buffer): string => data.toString('utf8').slice(0, 200),
};
