import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Module } from '@nestjs/common';
import { MemoryBroker, MemoryEventBusAdmin } from '@openedx-ts/event-bus-memory';
import { createConsole } from '@openedx-ts/events-console';
import express from 'express';
import { describe, expect, it } from 'vitest';
import { inExpress, inFastify, inHono, operatorsConsole } from './console.js';
import { inNest } from './console-nest.js';

const headers = { 'content-type': 'application/json', 'x-openedx-events-console': '1' };
const body = JSON.stringify({ all: true, confirm: 'orders.mail' });
const purge = '/console/api/dead-letters/orders/mail/purge';
const admin = () => new MemoryEventBusAdmin(new MemoryBroker());
const mounted = () =>
  createConsole({ admin: admin(), basePath: '/console', access: () => ({ who: 'ada', act: true }) });

/** Asks for the page and changes something, over HTTP. */
async function expectConsole(listener: RequestListener): Promise<void> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const page = await fetch(`${base}/console/topics/orders`);
    expect([page.status, page.headers.get('content-security-policy')]).toEqual([
      200,
      expect.stringContaining("default-src 'none'"),
    ]);
    expect(await page.text()).toContain('src="/console/assets/app.js"');
    const purged = await fetch(base + purge, { method: 'POST', headers, body });
    expect([purged.status, await purged.json()]).toEqual([200, { count: 0, unfit: 0 }]);
    expect(
      (
        await fetch(base + purge, {
          method: 'POST',
          headers: { ...headers, origin: 'https://evil.test' },
          body,
        })
      ).status,
    ).toBe(403);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

describe('the recipes of the console', () => {
  it('mount it in Express, also behind a parser of bodies', async () => {
    await expectConsole(inExpress(mounted()));
    const app = express();
    app.use(express.json());
    app.use(inExpress(mounted()));
    await expectConsole(app);
  });

  it('mount it in Fastify', async () => {
    const app = inFastify(mounted());
    await app.ready();
    await expectConsole((request, response) => app.routing(request, response));
    await app.close();
  });

  it('mount it in Nest', async () => {
    class Service {}
    Module({})(Service); // what the decorator does
    const app = await inNest(Service, mounted());
    await app.init();
    await expectConsole(app.getHttpAdapter().getInstance() as RequestListener);
    await app.close();
  });

  it('mount it in Hono', async () => {
    const app = inHono(mounted());
    const page = await app.request('/console/');
    expect(await page.text()).toContain('src="/console/assets/app.js"');
    expect((await app.request(purge, { method: 'POST', headers, body })).status).toBe(200);
  });

  it('refuse whoever is not signed in', async () => {
    const console = operatorsConsole(admin(), () => {});
    expect((await console.fetch(new Request('http://localhost/console/api/session'))).status).toBe(403);
  });
});
