// #region nest-fastify
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { StartOptions } from '@openedx-ts/events-core';
import { appModule } from './nest.js';

export async function createApp(settings: StartOptions): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(appModule(settings), new FastifyAdapter());
  app.enableShutdownHooks();
  return app;
}
// #endregion nest-fastify
