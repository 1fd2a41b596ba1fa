import { type PostgresServer, postgresOrReason } from '@openedx-ts/brokers';
import { afterAll, beforeAll, describe } from 'vitest';
import { describeOutboxService } from './describe-outbox-service.test-support.js';

const postgres = await postgresOrReason();

describe.skipIf(postgres.reason !== undefined)(postgres.titled('the service with an outbox'), () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await postgres.start();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  describeOutboxService('on PostgreSQL', () => server.url);
});
