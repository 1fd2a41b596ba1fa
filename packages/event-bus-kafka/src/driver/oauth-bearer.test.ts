import { TextCleaner } from '@openedx-ts/events-core/bus';
import { describe, expect, it } from 'vitest';
import { oauthBearer } from './oauth-bearer.js';

/** Logs in; `answer` is what the broker answers to the token: nothing when it accepts it. */
async function login(token: () => unknown, answer = '', texts = new TextCleaner()) {
  const { authenticationProvider } = oauthBearer({ token: token as () => string, timeoutMs: 50, texts });
  const saslAuthenticate = async ({ response }: { response?: object }) => (response ? answer : undefined);
  const about = { host: 'h', port: 1, logger: {} as never, saslAuthenticate: saslAuthenticate as never };
  return authenticationProvider(about)
    .authenticate()
    .then(
      () => 'accepted',
      (error: Error) => error,
    );
}

describe('oauthBearer', () => {
  it.each([
    ['fails', () => Promise.reject(new Error('down')), 'sasl.token failed: down'],
    ['fails with nothing', () => Promise.reject(undefined), 'sasl.token failed: a value that is no Error'],
    ['throws', () => fail(), 'sasl.token failed: thrown'],
    ['never returns', () => new Promise(() => {}), 'sasl.token returned no token within 50 ms'],
    ['returns nothing', () => undefined, 'sasl.token returned no token: it must return a text'],
    ['returns a line break', () => 'a\nb', 'sasl.token returned no token: it must return a text'],
  ])('reports a provider that %s, as what may pass', async (_what, token, message) => {
    const error = await login(token);
    expect(error).toBeInstanceOf(Error);
    expect(error).not.toHaveProperty('type');
    expect((error as Error).message).toContain(message);
  });

  it('regards a refusal as final at the first login, and after three in a row where others were accepted', async () => {
    const final = { type: 'SASL_AUTHENTICATION_FAILED' };
    const token = () => 'abc';
    expect(await login(token, 'no')).toMatchObject(final);
    expect(await login(token)).toBe('accepted');
    for (let times = 0; times < 3; times += 1) {
      const error = await login(token, 'expired');
      expect(error).toBeInstanceOf(Error);
      expect(error).not.toHaveProperty('type');
    }
    expect(await login(token, 'expired')).toMatchObject(final);
    expect(await login(token)).toBe('accepted');
    expect(await login(token, 'expired')).not.toHaveProperty('type');
  });

  it('shows nothing of a token that the broker repeats', async () => {
    const texts = new TextCleaner();
    const error = await login(() => 'secret-token', '{"status":"secret-token\u001b[31m"}', texts);
    expect(String(error)).toContain('{"status":"***\\u{1b}[31m"}');
    expect(texts.clean('secret-token')).toBe('***');
  });
});

function fail(): never {
  throw new Error('thrown');
}
