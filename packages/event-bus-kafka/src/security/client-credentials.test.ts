import { configureEvents, InfrastructureError, InvalidOptionsError } from '@openedx-ts/events-core';
import { systemClock } from '@openedx-ts/events-core/bus';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type StubAnswer, StubRegistry } from '../registry/stub-registry.test-support.js';
import { clientCredentials } from './client-credentials.js';

let endpoint: StubRegistry;
let settings: Disposable;
let now = 0;

beforeEach(async () => {
  endpoint = await new StubRegistry().start();
  settings = configureEvents({ clock: { ...systemClock, monotonic: () => now } });
});
afterEach(async () => {
  settings[Symbol.dispose]();
  await endpoint.stop();
});

const client = { clientId: 'events:lms', clientSecret: 'p+ss w&rd' };
const grants = (body: object, status = 200) => {
  let count = 0;
  endpoint.answer = () => {
    count += 1;
    return { status, body: JSON.stringify({ access_token: `token-${count}`, ...body }) };
  };
};

describe('clientCredentials', () => {
  it('asks for a token as RFC 6749 has it', async () => {
    grants({ expires_in: 60 });
    const provide = clientCredentials({ url: `${endpoint.url}/token`, ...client, scope: 'kafka registry' });
    expect(await provide()).toBe('token-1');
    const [request] = endpoint.requests;
    expect(request).toMatchObject({
      method: 'POST',
      path: '/token',
      body: 'grant_type=client_credentials&scope=kafka+registry',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        authorization: `Basic ${Buffer.from('events%3Alms:p%2Bss+w%26rd').toString('base64')}`,
      },
    });
  });

  it('returns a token for half of its lifetime, and shares a request', async () => {
    grants({ expires_in: 60 });
    const provide = clientCredentials({ url: endpoint.url, ...client });
    expect(await Promise.all([provide(), provide()])).toEqual(['token-1', 'token-1']);
    now += 29_999;
    expect(await provide()).toBe('token-1');
    now += 1;
    expect(await provide()).toBe('token-2');
    expect(endpoint.requests).toHaveLength(2);
  });

  it('asks again each time where the lifetime is unknown', async () => {
    grants({});
    const provide = clientCredentials({ url: endpoint.url, ...client });
    expect([await provide(), await provide()]).toEqual(['token-1', 'token-2']);
  });

  it.each<[string, StubAnswer | undefined, RegExp]>([
    [
      'a refusal',
      { status: 401, body: { error: 'invalid_client', error_description: 'no p+ss w&rd' } },
      /it answers 401 invalid_client no \*\*\*/,
    ],
    ['an answer without a token', { body: { token: 'x' } }, /its answer has no access_token/],
    ['another page', { body: '<html>' }, /its answer has no access_token/],
    ['a redirect', { status: 302, headers: { location: 'http://example.org' } }, /it answers 302/],
    ['too much', { body: 'x'.repeat(100_001) }, /more than 100000 bytes/],
    ['nothing', undefined, /no answer within 50 ms/],
  ])('reports %s, without the secret', async (_what, answer, message) => {
    endpoint.answer = () => answer;
    const provide = clientCredentials({ url: endpoint.url, ...client, requestTimeoutMs: 50 });
    const error = await provide().catch((error: unknown) => error as Error);
    expect(error).toBeInstanceOf(InfrastructureError);
    expect((error as Error).message).toMatch(message);
    expect((error as Error).message).toContain(`the token endpoint at ${endpoint.url} gives no token`);
    expect(JSON.stringify(error)).not.toContain('p+ss');
  });

  it('reports an endpoint that cannot be reached, and asks it again', async () => {
    grants({ expires_in: 60 });
    const provide = clientCredentials({ url: endpoint.url, ...client });
    await endpoint.stop();
    await expect(provide()).rejects.toThrow(/gives no token: .*ECONNREFUSED/);
    await endpoint.start();
    expect(await provide()).toBe('token-1');
  });

  it('refuses wrong options, all in one error', () => {
    const wrong = { url: 'ftp://x', clientId: '', clientSecret: 1, scopes: 'x' } as never;
    const error = (() => {
      try {
        return clientCredentials(wrong);
      } catch (error) {
        return error as InvalidOptionsError;
      }
    })();
    expect(error).toBeInstanceOf(InvalidOptionsError);
    const { issues } = error as InvalidOptionsError;
    expect(issues.map(({ path }) => path)).toEqual(['scopes', 'clientId', 'clientSecret', 'url']);
    expect(() => clientCredentials({ ...client, url: 'http://login.example.org' })).toThrow(/in the clear/);
    expect(() => clientCredentials({ ...client, url: 'https://a:b@login.example.org' })).toThrow(/no user/);
  });
});
