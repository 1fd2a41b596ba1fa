export type { Inbox, InboxKey } from './inbox.js';
export type { InboxOptions } from './inbox-options.js';
export { type MemoryInboxOptions, memoryInbox } from './memory-inbox.js';
export { once } from './once.js';
export {
  type LentBy,
  type PostgresInboxClient,
  type PostgresInboxOptions,
  type PostgresInboxPool,
  postgresInbox,
  postgresInboxTable,
} from './postgres-inbox.js';
export { type RedisInboxClient, type RedisInboxOptions, redisInbox } from './redis-inbox.js';
