import type { Health } from '@openedx-ts/events-core';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { createHttpApp } from './create-http-app.js';

describe('createHttpApp', () => {
  const unreachable: Health = { live: true, ready: false, reasons: ['the broker is unreachable'] };
  const dead: Health = { live: false, ready: false, reasons: ['the consumer is failed'] };

  it.each([
    ['/livez', unreachable, 200, { live: true, reasons: [] }],
    ['/readyz', unreachable, 503, { ready: false, reasons: ['the broker is unreachable'] }],
    ['/livez', dead, 503, { live: false, reasons: ['the consumer is failed'] }],
    ['/readyz', { live: true, ready: true, reasons: [] }, 200, { ready: true, reasons: [] }],
  ])('answers %s from the health of the bus', async (url, health, status, body) => {
    const app = createHttpApp({ health: () => health });
    const response = await app.inject(url);
    expect([response.statusCode, response.json()]).toEqual([status, body]);
  });

  it('logs the route of a request, not what people put into its path', async () => {
    const lines: string[] = [];
    const logger = pino({}, { write: (line) => void lines.push(line) });
    const app = createHttpApp({ health: () => unreachable, logger });
    app.get('/people/:name', async () => ({}));
    await app.inject('/people/ada');
    expect(lines.join()).toContain('"route":"/people/:name","statusCode":200');
    expect(lines.join()).not.toContain('ada');
  });

  it('reveals nothing of internal errors', async () => {
    const app = createHttpApp({ health: () => unreachable });
    app.get('/broken', async () => {
      throw new Error('password is hunter2');
    });
    const response = await app.inject('/broken');
    expect(response.statusCode).toBe(500);
    expect(response.json()).toEqual({
      error: { code: 'INTERNAL_ERROR', message: 'something went wrong here', issues: [] },
    });
  });
});
