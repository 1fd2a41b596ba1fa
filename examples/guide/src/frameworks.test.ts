import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { MemoryBroker, memoryEventBus } from '@openedx-ts/event-bus-memory';
import { COURSE_CREATED } from '@openedx-ts/events-catalog/content-authoring/course-created';
import { route, startEventBus } from '@openedx-ts/events-core';
import { isolateSignals } from '@openedx-ts/events-testing';
import { describe, expect, it, vi } from 'vitest';
import { createApp as createFastifyApp } from './fastify.js';
import { createApp as createHonoApp } from './hono.js';
import { appModule, Courses } from './nest.js';
import { createApp as createNestOnFastify } from './nest-fastify.js';
import { ProbesModule } from './nest-probes.js';

const key = 'course-v1:edX+DemoX+2026';
const routes = () => [route(COURSE_CREATED, { topic: 'courses', eventKeyField: 'course.course_key' })];

describe('the recipe for Fastify', () => {
  it('sends an event for a request, answers probes, and loses none when the app closes', async () => {
    using _signals = isolateSignals();
    const broker = new MemoryBroker();
    const app = await createFastifyApp({ bus: memoryEventBus(broker), routes: routes() });
    expect((await app.inject('/livez')).statusCode).toBe(200);
    expect((await app.inject('/readyz')).json()).toMatchObject({ ready: true });
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => app.inject({ method: 'POST', url: '/courses', payload: { key } })),
    );
    await app.close();
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array(50).fill(201));
    expect(broker.messages('courses')).toHaveLength(50);
  });
});

describe('the recipe for Hono', () => {
  it('sends an event for a request, answers probes, and names what is wrong with the data', async () => {
    using _signals = isolateSignals();
    const broker = new MemoryBroker();
    const bus = await startEventBus({ bus: memoryEventBus(broker), routes: routes() });
    const app = createHonoApp(bus);
    const post = (body: object) => app.request('/courses', { method: 'POST', body: JSON.stringify(body) });
    expect((await app.request('/livez')).status).toBe(200);
    expect((await app.request('/readyz')).status).toBe(200);
    expect((await post({ key })).status).toBe(201);
    const refused = await post({ key: 'no key' });
    expect(refused.status).toBe(400);
    expect(await refused.text()).toContain('course.course_key');
    await bus.close();
    expect(broker.messages('courses')).toHaveLength(1);
  });
});

describe('the recipe for Nest', () => {
  it('sends an event for a request, receives it over the bus, and answers probes', async () => {
    using _signals = isolateSignals({ runtime: { dispatch: 'robust' } });
    @Module({ imports: [appModule({ bus: memoryEventBus(new MemoryBroker()) }), ProbesModule] })
    class Root {}
    const app = await NestFactory.create(Root, { logger: false, abortOnError: false });
    await app.listen(0, '127.0.0.1');
    const url = await app.getUrl();
    const body = JSON.stringify({ key });
    const headers = { 'content-type': 'application/json' };
    expect((await fetch(`${url}/courses`, { method: 'POST', headers, body })).status).toBe(201);
    await vi.waitFor(() => expect(app.get(Courses, { strict: false }).indexed).toEqual(new Set([key])));
    for (const probe of ['livez', 'readyz']) expect((await fetch(`${url}/${probe}`)).status).toBe(200);
    await app.close();
  });
});

describe('the recipe for Nest on Fastify', () => {
  it('sends events for requests, receives them over the bus, and loses none when the app closes', async () => {
    using _signals = isolateSignals({ runtime: { dispatch: 'robust' } });
    const broker = new MemoryBroker();
    const app = await createNestOnFastify({ bus: memoryEventBus(broker) });
    await app.init();
    const post = () => app.inject({ method: 'POST', url: '/courses', payload: { key } });
    const answers = await Promise.all(Array.from({ length: 50 }, post));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array(50).fill(201));
    await vi.waitFor(() => expect(app.get(Courses, { strict: false }).indexed).toEqual(new Set([key])));
    await app.close();
    expect(broker.messages('courses')).toHaveLength(50);
  });
});
