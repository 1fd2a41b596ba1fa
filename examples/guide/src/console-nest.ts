import 'reflect-metadata';
import type { INestApplication, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { EventsConsole } from '@openedx-ts/events-console';

// #region nest
export async function inNest(module: Type, console: EventsConsole): Promise<INestApplication> {
  const app = await NestFactory.create(module);
  app.use('/console', console.node);
  return app;
}
// #endregion nest
