import { reasonOf, type TextCleaner } from '@openedx-ts/events-core/bus';
import type { AuthenticationProviderArgs, Mechanism } from 'kafkajs';
import { withDeadline } from '../runtime/with-deadline.js';
import { TokenError } from './token-error.js';

/** Where tokens come from, and how they are handled. */
export interface OauthBearerOptions {
  readonly token: () => string | Promise<string>;
  /** Maximum time to wait for a token, in milliseconds. */
  readonly timeoutMs: number;
  /** Gets to know the tokens, so that what a broker repeats of them is not shown. */
  readonly texts: TextCleaner;
}

/**
 * SASL OAUTHBEARER (RFC 7628) for kafkajs, whose own does not look at what the broker answers to a token: it takes a
 * refusal for a login, and the connection that the broker then closes for an outage. A provider that fails, or returns no
 * token in time, is tried again, and so is a refused token while others were accepted before: it may have expired on its
 * way. After three refusals in a row, or one at the first login, the refusal counts as final.
 */
export function oauthBearer({ token, timeoutMs, texts }: OauthBearerOptions): Mechanism {
  const state = stateOf(token);
  return {
    mechanism: 'oauthbearer',
    authenticationProvider: ({ saslAuthenticate }) => ({
      authenticate: async () => {
        const value = await providedToken(token, timeoutMs);
        texts.addSecret(value);
        const first = `n,,\u0001auth=Bearer ${value}\u0001\u0001`;
        const refusal = await saslAuthenticate({ request: withLength(first), response: asText });
        if (!refusal) {
          state.refusalsLeft = ACCEPTED_REFUSALS;
          return;
        }
        // The broker sends nothing more before the client confirms that it has read the refusal (RFC 7628, section 3.2.3).
        await saslAuthenticate({ request: withLength('\u0001') }).catch(() => {});
        const reason = `the broker does not take the token: ${texts.clean(refusal)}`;
        state.refusalsLeft -= 1;
        throw state.refusalsLeft >= 0 ? new Error(reason) : new TokenRefused(reason);
      },
    }),
  };
}

/** Outlives a client, because a client is replaced after a failure. */
function stateOf(token: object): { refusalsLeft: number } {
  const state = states.get(token) ?? { refusalsLeft: 0 };
  states.set(token, state);
  return state;
}

const states = new WeakMap<object, { refusalsLeft: number }>();

async function providedToken(token: () => unknown, timeoutMs: number): Promise<string> {
  const provided = await withDeadline(timeoutMs, provide(token), () => {
    throw new TokenError(`sasl.token returned no token within ${timeoutMs} ms`);
  });
  if (typeof provided !== 'string' || !/^[\x21-\x7e]+$/.test(provided)) {
    throw new TokenError('sasl.token returned no token: it must return a text of printable ASCII characters');
  }
  return provided;
}

async function provide(token: () => unknown): Promise<unknown> {
  try {
    return await token();
  } catch (error) {
    throw new TokenError(`sasl.token failed: ${reasonOf(error)}`, { cause: error });
  }
}

/** The same for kafkajs as a refused password. */
class TokenRefused extends Error {
  readonly type = 'SASL_AUTHENTICATION_FAILED';
  readonly retriable = false;
}

const ACCEPTED_REFUSALS = 3;

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
  parse: (data: Buffer): string => data.toString('utf8'),
};
