import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { makeProject, run } from './packed-project.js';
import { type StartedProcess, startProcess } from './started-process.js';

const { project } = inject('packed');
const next = join(project, 'node_modules/next/dist/bin/next');
const env = { NEXT_TELEMETRY_DISABLED: '1', NEXT_MANUAL_SIG_HANDLE: 'true' };

describe('Next', () => {
  let folder: string;
  let server: StartedProcess | undefined;
  beforeAll(() => {
    folder = makeProject('next', { type: 'module' });
  });
  afterEach(async () => await server?.kill());

  async function start(command: string): Promise<string> {
    server = startProcess(folder, [next, command, '--port', '0', '--hostname', '127.0.0.1'], env);
    const [, url = ''] = await server.line(/Local:\s+(http:\S+)/);
    return `${url}/api/orders`;
  }

  it('sends and receives an event in a production build', async () => {
    await run(folder, [next, 'build'], env);
    const url = await start('start');
    expect(await pay(url, 'one')).toBe(201);
    await vi.waitFor(async () => expect((await orders(url)).received).toEqual(['one']), 60_000);
    expect(await server?.stop()).toEqual({ code: 0, signal: null });
  });

  it('goes on in development after the module of an event was edited', async () => {
    const url = await start('dev');
    expect(await pay(url, 'one')).toBe(201);
    await vi.waitFor(async () => expect((await orders(url)).received).toEqual(['one']), 60_000);

    const file = join(folder, 'lib/order-paid.js');
    writeFileSync(file, readFileSync(file, 'utf8').replace("'first'", "'second'"));
    await vi.waitFor(async () => expect((await orders(url)).revision).toBe('second'), 60_000);
    expect(await pay(url, 'two')).toBe(201);
    await vi.waitFor(async () => expect((await orders(url)).received).toEqual(['one', 'two']), 60_000);
  });
});

async function pay(url: string, id: string): Promise<number> {
  return (await fetch(url, { method: 'POST', body: JSON.stringify({ id }) })).status;
}

async function orders(url: string) {
  return (await (await fetch(url)).json()) as { revision: string; received: string[] };
}
