import type { TextCleaner } from '@openedx-ts/events-core/bus';

/** A token, and how long it is valid; 0 where the endpoint does not report it. */
export interface GrantedToken {
  readonly token: string;
  readonly lifetimeMs: number;
}

/**
 * Reads the response of a token endpoint (RFC 6749, sections 5.1 and 5.2).
 *
 * @throws Error that states why there is no token
 */
export async function grantedToken(response: Response, texts: TextCleaner): Promise<GrantedToken> {
  const { status } = response;
  const answer = Object(await jsonOf(response)) as Record<string, unknown>;
  if (status !== 200) {
    const reasons = [answer.error, answer.error_description].filter((text) => typeof text === 'string');
    throw new Error(`it answers ${[status, ...reasons.map((text) => texts.clean(String(text)))].join(' ')}`);
  }
  const { access_token: token, expires_in: seconds } = answer;
  if (typeof token !== 'string' || token === '') throw new Error('its answer has no access_token');
  texts.addSecret(token);
  const lifetime = Number(seconds);
  return { token, lifetimeMs: lifetime > 0 ? lifetime * 1_000 : 0 };
}

/** Undefined when the body is no JSON. */
async function jsonOf(response: Response): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > MAX_BYTES) throw new Error(`its answer has more than ${MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    return undefined;
  }
}

/** Tokens take a few kilobytes. */
const MAX_BYTES = 100_000;
