import type { RedisOptions, RedisOrReason, RedisServer } from '@openedx-ts/brokers';
import { Redis } from 'ioredis';

/** A Redis that a test starts for itself, because it restarts, replaces or kills it, and a client of it. */
export class StartedRedis implements AsyncDisposable {
  readonly server: RedisServer;
  readonly client: Redis;

  private constructor(server: RedisServer) {
    this.server = server;
    this.client = new Redis(server.url, { maxRetriesPerRequest: null });
    this.client.on('error', () => {}); // the server goes away in some tests
  }

  static async start(redis: RedisOrReason, options?: RedisOptions): Promise<StartedRedis> {
    return new StartedRedis(await redis.start(options));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.client.disconnect();
    await this.server[Symbol.asyncDispose]();
  }
}
