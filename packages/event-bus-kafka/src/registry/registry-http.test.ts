import { type AddressInfo, BlockList, createServer } from 'node:net';
import { inspect } from 'node:util';
import { getGlobalDispatcher, MockAgent, setGlobalDispatcher } from 'undici';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RegistryHttp } from './registry-http.js';
import { resolveSchemaRegistryOptions, type SchemaRegistryOptions } from './schema-registry-options.js';
import { StubRegistry } from './stub-registry.test-support.js';

const basic = { username: 'ann', password: 'hunter2' };
const secrets = /hunter2|aHVudGVyMg|YW5uOmh1bnRlcjI/;

let stub: StubRegistry;

beforeEach(async () => {
  stub = await new StubRegistry().start();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await stub.stop();
});

/** Asks a registry; the error, or the answer. */
const asked = (options: Partial<SchemaRegistryOptions> = {}): Promise<unknown> =>
  new RegistryHttp(resolveSchemaRegistryOptions({ url: stub.url, ...options }))
    .ask({ method: 'GET', path: '/schemas/types' })
    .catch((error: unknown) => error);

describe('RegistryHttp', () => {
  it.each([
    ['a password', { auth: basic }, 500],
    ['a password', { auth: basic }, 422],
    ['a token', { auth: { token: 'hunter2' } }, 503],
    ['a token that is asked for', { auth: { token: async () => 'hunter2' } }, 422],
  ])(
    'shows nothing of %s that a registry repeats with its control characters',
    async (_what, options, status) => {
      stub.answer = ({ headers }) => {
        const said = `${headers.authorization} hunter2 ${encodeURIComponent('hunter2')}\u001b[31m\n\u202e`;
        return { status, body: { error_code: status * 100 + 1, message: said + 'x'.repeat(5_000) } };
      };
      const answer = await asked(options);
      const { errorMessage = answer } = answer as { readonly errorMessage?: unknown };
      const shown = inspect(errorMessage, { depth: Infinity, showHidden: true });
      expect(shown).not.toMatch(secrets);
      expect(shown).toMatch(/\*\*\*.*\\+u\{1b\}\[31m\\+u\{a\}\\+u\{202e\}x+…/);
      expect(shown).not.toContain('\u001b');
      expect(shown.length).toBeLessThan(8_000);
    },
  );

  it('shows nothing of a password in an answer that is no HTTP', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => socket.end('HTTP/1.1 hunter2\u001b[31m\r\n\r\n'));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const error = await asked({ url, auth: basic });
      expect(inspect(error, { depth: Infinity, showHidden: true })).not.toMatch(secrets);
    } finally {
      server.close();
    }
  });

  it('sends credentials nowhere else after a redirect', async () => {
    await using other = await new StubRegistry().start();
    stub.answer = () => ({ status: 307, headers: { location: `${other.url}/schemas/types` } });
    expect(String(await asked({ auth: basic }))).toContain('answers with a redirect (307)');
    expect(other.requests).toEqual([]);
  });

  it('sends credentials for this machine to no proxy of the process', async () => {
    const before = getGlobalDispatcher();
    const proxy = new MockAgent();
    proxy.disableNetConnect();
    setGlobalDispatcher(proxy);
    try {
      expect(await asked({ auth: basic })).toMatchObject({ status: 200 });
      expect(await asked()).toBeInstanceOf(Error); // the other requests go where the process sends them
      expect(stub.requests).toHaveLength(1);
    } finally {
      setGlobalDispatcher(before);
    }
  });

  it('reports a registry on this machine that is not there, also with credentials', async () => {
    await stub.stop();
    expect(String(await asked({ auth: basic }))).toMatch(/cannot be reached \(ECONNREFUSED\)/);
    expect(String(await asked())).toMatch(/cannot be reached \(ECONNREFUSED\)/);
    await stub.start();
  });

  it('sends no credentials in clear text where a local name leads to another machine', async () => {
    const options = { url: stub.url.replace('127.0.0.1', 'localhost'), auth: basic };
    vi.spyOn(BlockList.prototype, 'check').mockReturnValue(false);
    expect(String(await asked(options))).toMatch(/is on another machine.*in clear text: use https/);
    expect(stub.requests).toEqual([]);
    expect(await asked({ ...options, allowInsecure: true })).toMatchObject({ status: 200 });
  });

  it.each([undefined, '', 7])('reports a token of %j without asking', async (token) => {
    const auth = { token: (() => token) as () => string };
    expect(String(await asked({ auth }))).toContain('schemaRegistry.auth.token returned no token');
    expect(stub.requests).toEqual([]);
  });
});
