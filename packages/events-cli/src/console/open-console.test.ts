import { describe, expect, it, vi } from 'vitest';
import { showBrokerToOperators } from '../memory-bus.test-support.js';
import { collected, run } from '../run.test-support.js';

const bus = ['--bus', './memory-bus.test-support.ts'];

/** Runs `console` until `use` has ended, with its address. */
async function opened(
  args: readonly string[],
  use: (url: URL, stderr: () => string) => Promise<void>,
  reason: string,
) {
  showBrokerToOperators();
  const [stdout, stderr, stop] = [collected(), collected(), new AbortController()];
  const io = { stdout: stdout.stream, stderr: stderr.stream, abortSignal: stop.signal };
  const running = run(['console', ...bus, ...args], io);
  try {
    await vi.waitFor(() => expect(stdout.text()).toContain('\n'), { timeout: 60_000 });
    await use(new URL(stdout.text().trim()), stderr.text);
  } finally {
    stop.abort(reason);
  }
  return { code: (await running).code, stderr: stderr.text() };
}

async function cookieOf(url: URL): Promise<string> {
  const answer = await fetch(url, { redirect: 'manual' });
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/']);
  return (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
}

describe('console', () => {
  it('prints an address whose token is good once, for looking alone', async () => {
    const { code, stderr } = await opened(
      [],
      async (url) => {
        expect(url.hostname).toBe('127.0.0.1');
        const session = new URL('/api/session', url);
        expect((await fetch(session)).status).toBe(403);
        const cookie = await cookieOf(url);
        expect(await (await fetch(session, { headers: { cookie } })).json()).toMatchObject({
          mayAct: false,
          mayUnmask: false,
        });
        expect((await fetch(url, { redirect: 'manual' })).headers.get('set-cookie')).toBeNull();
      },
      'SIGTERM',
    );
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringContaining('nothing can be changed (--allow-changes)'),
    });
  });

  it('allows what its options allow, and writes what was done', async () => {
    const { code, stderr } = await opened(
      ['--allow-changes', '--unmask'],
      async (url) => {
        const cookie = await cookieOf(url);
        const session = await fetch(new URL('/api/session', url), { headers: { cookie } });
        expect(await session.json()).toMatchObject({ mayAct: true, mayUnmask: true });
        const purge = await fetch(new URL('/api/dead-letters/nothing/mail/purge', url), {
          method: 'POST',
          headers: { cookie, 'content-type': 'application/json', 'x-openedx-events-console': '1' },
          body: JSON.stringify({ all: true, confirm: 'nothing.mail' }),
        });
        expect(await purge.json()).toEqual({ count: 0, unfit: 0 });
      },
      'SIGINT',
    );
    expect(code).toBe(130);
    expect(stderr).toMatch(/^purge of nothing\.mail by .+: started, all all$/m);
  });

  it('refuses a port that is taken', async () => {
    await opened(
      [],
      async ({ port }) => {
        const second = await run(['console', ...bus, '--port', port]);
        expect(second).toMatchObject({
          code: 2,
          stderr: expect.stringContaining(`--port ${port}: it is taken`),
        });
      },
      'SIGTERM',
    );
    expect(await run(['console', ...bus, '--port', '0'])).toMatchObject({ code: 2 });
  });
});
