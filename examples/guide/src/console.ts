import type { IncomingMessage } from 'node:http';
import { loadCatalogSignal } from '@openedx-ts/events-catalog/loader';
import { type AuditSink, createConsole, type EventsConsole } from '@openedx-ts/events-console';
import type { EventBusAdmin } from '@openedx-ts/events-core/operate';
import express, { type Express } from 'express';
import fastify, { type FastifyInstance } from 'fastify';
import { Hono } from 'hono';

/** Who is signed in, of the server that the console is mounted in. */
export interface SignedIn {
  readonly user?: { readonly name: string; readonly role: 'operator' | 'viewer' };
}

// #region console
export function operatorsConsole(admin: EventBusAdmin, audit: AuditSink): EventsConsole {
  return createConsole({
    admin,
    audit,
    basePath: '/console',
    busName: 'kafka',
    loadSignal: loadCatalogSignal,
    access: (_request, incoming?: IncomingMessage & SignedIn) => {
      const user = incoming?.user;
      return user === undefined ? null : { who: user.name, act: user.role === 'operator' };
    },
  });
}
// #endregion console

// #region express
export function inExpress(console: EventsConsole): Express {
  const app = express();
  app.use('/console', (request, response) => console.node(request, response));
  return app;
}
// #endregion express

// #region fastify
export function inFastify(console: EventsConsole): FastifyInstance {
  const app = fastify();
  app.all('/console', (_request, reply) => reply.redirect('/console/'));
  app.all('/console/*', (request, reply) => {
    reply.hijack();
    const { body } = request; // Fastify has read it
    console.node(Object.assign(request.raw, { body }), reply.raw);
  });
  return app;
}
// #endregion fastify

// #region hono
export function inHono(console: EventsConsole): Hono {
  const app = new Hono();
  app.all('/console/*', (context) => console.fetch(context.req.raw));
  return app;
}
// #endregion hono
