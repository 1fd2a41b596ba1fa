import { configureEvents } from '@openedx-ts/events-core';
import { describe, expect, it, vi } from 'vitest';
import type { AuditEntry } from './answers/audit-entry.js';
import { consoleClient } from './console-request.test-support.js';
import { consoleWorld, PERSONAL } from './console-world.test-support.js';
import { type ConsoleOptions, createConsole } from './create-console.js';
import { actionRoutes } from './http/action-routes.js';
import type { ConsoleParts } from './http/console-parts.js';
import { viewRoutes } from './http/view-routes.js';

const topic = 'learning-course-enrollment-lifecycle';
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** Every route of the console with names that exist, so that a request would find something to change. */
function paths(): readonly string[] {
  const routes = [...viewRoutes({} as ConsoleParts), ...actionRoutes({} as ConsoleParts)];
  const filled = routes.map(({ path }) =>
    path
      .replace(':topic', topic)
      .replace(':group', 'certificates')
      .replace(':position', '0:0')
      .replace(':id', '01a0'),
  );
  return [...new Set(filled)];
}

/** The body of an answer; of a live view what it sends first, or nothing where it waits for events. */
async function textOf(answer: Response): Promise<string> {
  if (answer.headers.get('content-type') !== 'text/event-stream') return answer.text();
  const reader = answer.body?.getReader();
  const first = await Promise.race([
    reader?.read(),
    new Promise<undefined>((resolve) => setImmediate(() => resolve(undefined))),
  ]);
  await reader?.cancel();
  return Buffer.from(first?.value ?? []).toString();
}

const body = JSON.stringify({ all: true, confirm: `${topic}.certificates`, from: 'earliest', data: '{}' });
const own = { 'content-type': 'application/json', 'x-openedx-events-console': '1' };
const ways: Record<string, Record<string, string>> = {
  'its own page': { ...own, 'sec-fetch-site': 'same-origin' },
  'another site': { ...own, 'sec-fetch-site': 'cross-site' },
  'a sibling host': { ...own, 'sec-fetch-site': 'same-site' },
  'another origin': { ...own, origin: 'https://evil.test' },
  'a form': { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'cross-site' },
  'no browser': own,
};

async function opened(options: Partial<ConsoleOptions>) {
  const world = await consoleWorld();
  await world.enrol(3);
  world.bury(2);
  await world.group(topic, 'certificates', 0);
  const console = createConsole({ admin: world.admin, loadSignal: world.loadSignal, ...options });
  const state = async () =>
    JSON.stringify([
      world.broker.topicNames.map((name) => world.broker.messages(name).length),
      [...((await world.admin.topics.groupProgress(topic, 'certificates'))?.next ?? [])],
    ]);
  const ask = (path: string, init: RequestInit) =>
    console.fetch(new Request(`http://console.test${path}`, init));
  return { world, console, state, ask, ...consoleClient(console) };
}

describe('a console without access', () => {
  it.each(Object.entries(ways))(
    'changes and unmasks nothing by any route and method from %s',
    async (_name, headers) => {
      const { state, ask, console } = await opened({});
      const before = await state();
      for (const path of paths())
        for (const method of METHODS) {
          const isRead = method === 'GET' || method === 'HEAD';
          const init = { method, headers, ...(isRead || method === 'OPTIONS' ? {} : { body }) };
          const masked = await ask(`/api${path}`, init);
          const { status } = masked;
          if (!isRead) expect([403, 404], `${method} ${path}: ${status}`).toContain(status);
          await textOf(masked);
          const unmasked = await ask(
            `/api${path}?unmask=1&all=true&from=earliest&since=2026-01-01T00:00Z`,
            init,
          );
          const text = await textOf(unmasked);
          for (const value of PERSONAL) expect(text, `${method} ${path}`).not.toContain(value);
        }
      await console.close();
      expect(await state()).toBe(before);
    },
  );
});

describe('a live view', () => {
  it('shows nothing unmasked without access: it ends with the refusal', async () => {
    const { ask, console } = await opened({});
    const answer = await ask(`/api/topics/${topic}/live?unmask=1`, {});
    const text = await answer.text(); // to its end
    expect(text).toContain('event: failure');
    expect(text).toContain('CONSOLE_MASKED');
    await console.close();
  });

  it('masks what arrives', async () => {
    const { ask, world, console } = await opened({});
    const answer = await ask(`/api/topics/${topic}/live`, {});
    const reader = answer.body?.getReader();
    const first = reader?.read();
    await world.enrol(4);
    const text = Buffer.from((await first)?.value ?? []).toString();
    expect(text).toContain('enrollment.created');
    expect(text).not.toMatch(/@example\.org/);
    await console.close();
  });

  it('stays open for nobody who asked for its headers alone', async () => {
    const { ask, console } = await opened({});
    for (let asked = 0; asked < 101; asked += 1)
      expect((await ask('/api/overview/live', { method: 'HEAD' })).status).toBe(200);
    const { status, body } = await ask('/api/overview/live', {});
    expect(status).toBe(200);
    await body?.cancel();
    await console.close();
  });
});

describe('a console with access', () => {
  it('shows nothing to a request that access refuses', async () => {
    const { ask } = await opened({ access: () => null });
    for (const path of paths()) {
      const answer = await ask(`/api${path}`, {});
      expect([answer.status, await answer.json()]).toMatchObject([403, { code: 'CONSOLE_NO_ACCESS' }]);
    }
  });

  it.each(['another site', 'a sibling host', 'another origin', 'a form'])(
    'changes nothing for %s',
    async (name) => {
      const { state, ask } = await opened({ access: () => ({ who: 'ada', act: true }) });
      const before = await state();
      for (const path of paths())
        expect((await ask(`/api${path}`, { method: 'POST', headers: ways[name] ?? {}, body })).status).toBe(
          403,
        );
      expect(await state()).toBe(before);
    },
  );

  it('changes nothing while the action cannot be recorded', async () => {
    const audit = () => Promise.reject(new Error('the disk is full'));
    const { state, post, console } = await opened({ access: () => ({ who: 'ada', act: true }), audit });
    const before = await state();
    const queue = `/api/dead-letters/${topic}/certificates`;
    expect((await post(`${queue}/purge`, { all: true, confirm: `${topic}.certificates` })).status).toBe(500);
    expect((await post(`${queue}/redrive`, { all: true })).status).toBe(500);
    expect((await post(`/api/groups/${topic}/certificates/replay`, { from: 'earliest' })).status).toBe(500);
    await console.close();
    expect(await state()).toBe(before);
  });

  it('reports an action as done when its outcome alone cannot be recorded', async () => {
    const error = vi.fn();
    using _logger = configureEvents({ logger: { debug() {}, info() {}, warn() {}, error } });
    const outcomes: string[] = [];
    const audit = async ({ outcome }: AuditEntry) => {
      outcomes.push(outcome);
      if (outcome !== 'started') throw new Error('the disk is full');
    };
    const { post } = await opened({ access: () => ({ who: 'ada', act: true }), audit });
    const purge = `/api/dead-letters/${topic}/certificates/purge`;
    const answer = await post(purge, { all: true, confirm: `${topic}.certificates` });
    expect([answer.status, await answer.json()]).toMatchObject([200, { count: 2 }]);
    expect(outcomes).toEqual(['started', 'done']);
    expect(error.mock.calls).toMatchObject([[{ action: 'purge', outcome: 'done' }, expect.any(String)]]);
  });

  it('removes no dead letter of another type with those whose headers give none', async () => {
    const { world, get, post, json } = await opened({ access: () => ({ who: 'ada', act: true }) });
    const deadLetters = `${topic}.certificates.dlq`;
    const [typed] = world.broker.messages(deadLetters);
    const headers = typed?.headers.filter(([name]) => name !== 'ce_type') ?? [];
    world.broker.append({ topic: deadLetters, key: null, value: Buffer.from('?'), headers });
    const path = `/api/dead-letters/${topic}/certificates`;
    const { causes } = await json<{ causes: { eventType: string | null; count: number }[] }>(path);
    expect(causes.map(({ eventType, count }) => [eventType === null, count])).toEqual([
      [false, 2],
      [true, 1],
    ]);
    const selected = { code: 'RECEIVER_FAILED', untyped: 'true' };
    expect(await json(`${path}/redrive?${new URLSearchParams(selected)}`)).toEqual({ count: 1, unfit: 0 });
    const confirm = `${topic}.certificates`;
    expect(await (await post(`${path}/purge`, { ...selected, confirm })).json()).toMatchObject({ count: 1 });
    expect(world.broker.messages(deadLetters).map(({ value }) => String(value))).not.toContain('?');
    expect(world.broker.messages(deadLetters)).toHaveLength(2);
    expect((await get(`${path}/redrive?untyped=true&eventType=a`)).status).toBe(400);
  });

  it('removes no dead letter of the same type with those whose headers give no code', async () => {
    const { world, get, post, json } = await opened({ access: () => ({ who: 'ada', act: true }) });
    const deadLetters = `${topic}.certificates.dlq`;
    const before = world.broker.messages(deadLetters).length;
    const headers = world.broker.messages(deadLetters)[0]?.headers ?? [];
    const foreign = headers.filter(([name]) => !name.startsWith('dlq-'));
    world.broker.append({ topic: deadLetters, key: null, value: Buffer.from('?'), headers: foreign });
    const path = `/api/dead-letters/${topic}/certificates`;
    const { causes } = await json<{ causes: { code: string | null; eventType: string; count: number }[] }>(
      path,
    );
    const uncoded = causes.find(({ code }) => code === null);
    expect(uncoded).toMatchObject({ count: 1 });
    const selected = { uncoded: 'true', eventType: uncoded?.eventType ?? '' };
    const confirm = `${topic}.certificates`;
    expect(await (await post(`${path}/purge`, { ...selected, confirm })).json()).toMatchObject({ count: 1 });
    expect(world.broker.messages(deadLetters)).toHaveLength(before);
    expect(world.broker.messages(deadLetters).map(({ value }) => String(value))).not.toContain('?');
    expect((await get(`${path}/redrive?uncoded=true&code=a`)).status).toBe(400);
  });

  it('removes nothing while a redrive sends the same dead letters', async () => {
    const { world, json, post } = await opened({ access: () => ({ who: 'ada', act: true }) });
    const path = `/api/dead-letters/${topic}/certificates`;
    const slowly = { all: true, allGroups: true, ratePerSecond: 0.01 };
    const { id } = (await (await post(`${path}/redrive`, slowly)).json()) as { id: string };
    await vi.waitFor(async () => expect(await json(`/api/redrives/${id}`)).toMatchObject({ redriven: 1 }));
    const all = { all: true, confirm: `${topic}.certificates` };
    const refused = await post(`${path}/purge`, all);
    expect([refused.status, await refused.json()]).toMatchObject([409, { code: 'CONSOLE_BUSY' }]);
    await post(`/api/redrives/${id}/stop`, {});
    expect(await (await post(`${path}/purge`, all)).json()).toMatchObject({ count: 1 });
    expect(world.broker.messages(`${topic}.certificates.dlq`)).toEqual([]);
  });

  it('sends no event to a dead-letter topic', async () => {
    const { state, post } = await opened({ access: () => ({ who: 'ada', act: true }) });
    const before = await state();
    const answers = await Promise.all(
      ['0:0', '1:0'].map((position) =>
        post(`/api/topics/${topic}.certificates.dlq/events/${position}/send`, { data: '{}' }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual([400, 400]);
    expect(await answers[0]?.text()).toContain('is a dead-letter topic');
    expect(await state()).toBe(before);
  });

  it('starts no redrive once it was closed', async () => {
    const { console, state, post } = await opened({ access: () => ({ who: 'ada', act: true }) });
    const before = await state();
    await console.close();
    const answer = await post(`/api/dead-letters/${topic}/certificates/redrive`, {
      all: true,
      allGroups: true,
    });
    expect(answer.status).toBe(503);
    expect(await state()).toBe(before);
  });

  it('refuses a body that is too large, no JSON, or no object', async () => {
    const { ask } = await opened({ access: () => ({ who: 'ada', act: true }) });
    const path = `/api/dead-letters/${topic}/certificates/purge`;
    const send = async (text: string) =>
      (await ask(path, { method: 'POST', headers: ways['its own page'] ?? {}, body: text })).status;
    expect(await send(`{"all":true,"x":"${'x'.repeat(3_000_000)}"}`)).toBe(413);
    expect(await send('{')).toBe(400);
    expect(await send('[]')).toBe(400);
  });

  it('protects every answer with a policy that loads nothing from elsewhere', async () => {
    const { ask } = await opened({});
    for (const path of ['/', '/topics/a', '/api/session', '/api/nothing', '/assets/none']) {
      const { headers } = await ask(path, {});
      expect(headers.get('content-security-policy'), path).toMatch(/^default-src 'none'; script-src 'self';/);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    }
  });
});
