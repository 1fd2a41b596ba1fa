import { InfrastructureError, InvalidOptionsError, type Issue } from '@openedx-ts/events-core';
import { isLoopback, runtime, TextCleaner } from '@openedx-ts/events-core/bus';
import { withDeadline } from '../runtime/with-deadline.js';
import type { KafkaTlsOptions } from './kafka-tls-options.js';
import { networkReason } from './network-reason.js';
import { secureFetch } from './secure-fetch.js';
import { tlsIssues } from './tls-issues.js';
import { type GrantedToken, grantedToken } from './token-response.js';
import { unknownOptions } from './unknown-options.js';

/** Where tokens come from, and who asks for them. */
export interface ClientCredentialsOptions {
  /** The token endpoint, such as `https://login.example.org/oauth2/token`. */
  readonly url: string;
  /** The name of the client. */
  readonly clientId: string;
  /** Its secret; sent to `url` alone. */
  readonly clientSecret: string;
  /** Scopes with blanks between. @defaultValue those that the endpoint gives without being asked */
  readonly scope?: string | undefined;
  /** Certificates. @defaultValue none: the endpoint is verified with the authorities that Node trusts */
  readonly tls?: KafkaTlsOptions | undefined;
  /** Allows the secret to be sent to another machine without TLS. @defaultValue false */
  readonly allowInsecure?: boolean | undefined;
  /** Maximum time to wait for a token, in milliseconds. @defaultValue 5000 */
  readonly requestTimeoutMs?: number | undefined;
}

/**
 * Creates a provider of tokens for `sasl.token` and `schemaRegistry.auth.token`, by the client credentials grant (RFC 6749,
 * section 4.4). A token is returned again for half of its lifetime; calls at the same time share one request.
 *
 * The provider rejects with `InfrastructureError` when the endpoint cannot be reached, refuses the client, or returns no
 * token.
 *
 * @throws InvalidOptionsError with every issue
 */
export function clientCredentials(options: ClientCredentialsOptions): () => Promise<string> {
  const issues = issuesOf(options);
  if (issues.length > 0) throw new InvalidOptionsError('client credentials', issues);
  let current: { readonly token: string; readonly until: number } | undefined;
  let request: Promise<GrantedToken> | undefined;
  return async () => {
    const now = runtime().clock.monotonic();
    if (current !== undefined && now < current.until) return current.token;
    request ??= requestToken(options).finally(() => {
      request = undefined;
    });
    const { token, lifetimeMs } = await request;
    current = { token, until: now + lifetimeMs / 2 };
    return token;
  };
}

async function requestToken(options: ClientCredentialsOptions): Promise<GrantedToken> {
  const { url, clientSecret, requestTimeoutMs = 5_000 } = options;
  const texts = new TextCleaner([clientSecret, basicLogin(options)]);
  const unavailable = (what: string, cause?: unknown) =>
    new InfrastructureError(`the token endpoint at ${url} ${what}`, { cause });
  const late = new AbortController();
  return withDeadline(requestTimeoutMs, ask(options, late.signal, texts), () => {
    late.abort();
    throw new Error(`no answer within ${requestTimeoutMs} ms`);
  }).catch((error: unknown) => {
    throw unavailable(`gives no token: ${texts.clean(networkReason(error))}`, texts.cleanError(error));
  });
}

async function ask(
  options: ClientCredentialsOptions,
  signal: AbortSignal,
  texts: TextCleaner,
): Promise<GrantedToken> {
  const { url, scope, tls, allowInsecure = false } = options;
  const send = await secureFetch({ url, tls, sendsCredentials: true, allowInsecure });
  const response = await send(url, {
    method: 'POST',
    redirect: 'manual',
    signal,
    headers: {
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
      authorization: `Basic ${Buffer.from(basicLogin(options)).toString('base64')}`,
    },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      ...(scope === undefined ? {} : { scope }),
    }).toString(),
  });
  return grantedToken(response, texts);
}

/** RFC 6749, section 2.3.1: each part is encoded as in a form before they are joined. */
function basicLogin({ clientId, clientSecret }: ClientCredentialsOptions): string {
  const encoded = (text: string) => new URLSearchParams({ '': text }).toString().slice(1);
  return `${encoded(clientId)}:${encoded(clientSecret)}`;
}

function issuesOf(options: ClientCredentialsOptions): readonly Issue[] {
  const { url, tls, allowInsecure = false } = options;
  const issues = unknownOptions('', options, [...texts, 'url', 'tls', 'allowInsecure', 'requestTimeoutMs']);
  for (const name of texts) {
    const value: unknown = options[name];
    if (name === 'scope' && value === undefined) continue;
    if (typeof value !== 'string' || value === '')
      issues.push({ path: name, message: 'must be a text that is not empty' });
  }
  const problem = urlProblem(url, allowInsecure);
  if (problem !== undefined) issues.push({ path: 'url', message: problem });
  return [...issues, ...tlsIssues(tls)];
}

const texts = ['clientId', 'clientSecret', 'scope'] as const;

function urlProblem(url: unknown, allowInsecure: boolean): string | undefined {
  const parsed = typeof url === 'string' && URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !['https:', 'http:'].includes(parsed.protocol))
    return 'must be an http(s) URL such as https://login.example.org/oauth2/token';
  if (parsed.username !== '' || parsed.password !== '')
    return 'must have no user and password: use clientId and clientSecret';
  if (parsed.protocol === 'https:' || allowInsecure || isLoopback(parsed.hostname)) return undefined;
  return `it sends credentials to ${parsed.hostname} in the clear: use https, or set allowInsecure`;
}
