import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FakeSchemaRegistry } from './fake-schema-registry.js';
import { startFakeSchemaRegistry } from './start-fake-schema-registry.js';

const record = (name: string) => `{"fields": [], "name": "${name}", "type": "record"}`;

let registry: FakeSchemaRegistry;

beforeEach(async () => {
  registry = await startFakeSchemaRegistry();
});
afterEach(() => registry.stop());

describe('startFakeSchemaRegistry', () => {
  it('gives one id to a schema in all subjects, however it is written', async () => {
    expect(await register('a-string', '{"name": "username", "type": "string"}')).toEqual({ id: 1 });
    expect(await register('b-string', '"string"')).toEqual({ id: 1 });
    expect(await register('b-R', record('R'))).toEqual({ id: 2 });
    expect(await get('/schemas/ids/1')).toEqual([200, { schema: '"string"' }]);
    expect(await get('/subjects')).toEqual([200, ['a-string', 'b-string', 'b-R']]);
  });

  it('gives one id to each text when it acts as Apicurio', async () => {
    await using other = await startFakeSchemaRegistry({ ids: 'text', firstId: 40 });
    expect(other.register('a', '"string"')).toBe(40);
    expect(other.register('b', '{"type": "string"}')).toBe(41);
    expect(other.register('c', '"string"')).toBe(40);
  });

  it('numbers versions, and finds a schema in its subject', async () => {
    await register('a/b', record('R'));
    await register('a/b', record('S'));
    expect(await get('/subjects/a%2Fb/versions')).toEqual([200, [1, 2]]);
    expect(await get('/subjects/a%2Fb/versions/latest')).toMatchObject([200, { version: 2, id: 2 }]);
    expect(await post('/subjects/a%2Fb?normalize=false', record('R'))).toMatchObject([
      200,
      { subject: 'a/b', version: 1, id: 1 },
    ]);
  });

  it.each([
    ['GET', '/schemas/ids/9', 404, 40403],
    ['GET', '/subjects/none/versions', 404, 40401],
    ['GET', '/subjects/there/versions/9', 404, 40402],
    ['GET', '/config/there', 404, 40408],
    ['POST', '/subjects/none', 404, 40401],
    ['POST', '/subjects/there', 404, 40403],
    ['GET', '/nowhere', 404, 404],
  ])('answers %s %s with %i and code %i', async (method, path, status, code) => {
    registry.register('there', '"string"');
    const answer = method === 'GET' ? await get(path) : await post(path, record('New'));
    expect(answer).toEqual([status, { error_code: code, message: expect.any(String) }]);
  });

  it('returns its mode and compatibility, and refuses text that is no schema', async () => {
    expect(await get('/mode')).toEqual([200, { mode: 'READWRITE' }]);
    expect(await get('/config')).toEqual([200, { compatibilityLevel: 'BACKWARD' }]);
    expect(await post('/subjects/a/versions', '{')).toMatchObject([422, { error_code: 42201 }]);
  });

  it('refuses a new schema for a subject that was made incompatible', async () => {
    await register('a', record('R'));
    registry.makeIncompatible('a');
    expect(await register('a', record('R'))).toEqual({ id: 1 });
    expect(await post('/subjects/a/versions', record('S'))).toMatchObject([409, { error_code: 409 }]);
  });

  it('asks for a login', async () => {
    const basicAuth = { username: 'key', password: 'secret' };
    await using locked = await startFakeSchemaRegistry({ basicAuth, bearerToken: 'token' });
    const status = async (authorization?: string) =>
      (await fetch(`${locked.url}/subjects`, { headers: authorization ? { authorization } : {} })).status;
    expect(await status()).toBe(401);
    expect(await status('Bearer other')).toBe(401);
    expect(await status('Bearer token')).toBe(200);
    expect(await status(`Basic ${btoa('key:secret')}`)).toBe(200);
  });

  it('fails as the fault states, for as many requests', async () => {
    registry.fail({ on: /^POST/, status: 429, headers: { 'retry-after': '1' }, times: 1 });
    registry.fail({ on: /^POST/, body: '<html>', times: 1 });
    registry.fail({ on: /^GET/, reset: true });
    expect(await post('/subjects/a/versions', '"string"')).toMatchObject([429, { error_code: 429 }]);
    await expect(post('/subjects/a/versions', '"string"')).rejects.toThrow(SyntaxError);
    await expect(get('/subjects')).rejects.toThrow('fetch failed');
    expect(await register('a', '"string"')).toEqual({ id: 1 });
    registry.heal();
    expect(await get('/subjects')).toEqual([200, ['a']]);
    expect(registry.count(/^POST \/subjects\/a\/versions/)).toBe(3);
  });

  it('holds an answer back', async () => {
    registry.fail({ hang: true, times: 1 });
    const abandoned = fetch(`${registry.url}/subjects`, { signal: AbortSignal.timeout(50) });
    await expect(abandoned).rejects.toThrow('timeout');
    registry.fail({ delayMs: 50, times: 1 });
    const startedAt = performance.now();
    expect(await get('/subjects')).toEqual([200, []]);
    expect(performance.now() - startedAt).toBeGreaterThan(45);
  });

  it('comes back on its port with all schemas', async () => {
    await register('a', '"string"');
    await registry.stop();
    await expect(get('/subjects')).rejects.toThrow('fetch failed');
    await registry.start();
    expect(await get('/subjects')).toEqual([200, ['a']]);
  });

  const get = async (path: string) => answerOf(await fetch(registry.url + path));
  const post = async (path: string, schema: string) =>
    answerOf(await fetch(registry.url + path, { method: 'POST', body: JSON.stringify({ schema }) }));
  const register = async (subject: string, schema: string) => {
    const [status, body] = await post(
      `/subjects/${encodeURIComponent(subject)}/versions?normalize=false`,
      schema,
    );
    expect(status).toBe(200);
    return body;
  };
  const answerOf = async (answer: Response) => [answer.status, await answer.json()];
});
