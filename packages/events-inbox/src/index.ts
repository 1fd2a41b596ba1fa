export type { Inbox, InboxKey } from './inbox.js';
export type { InboxOptions } from './inbox-options.js';
export { type MemoryInboxOptions, memoryInbox } from './memory-inbox.js';
export { once } from './once.js';
export { postgresInbox, postgresInboxTable } from './postgres-inbox.js';
export { type RedisInboxClient, type RedisInboxOptions, redisInbox } from './redis-inbox.js';
export { sqlInbox } from './sql-inbox.js';
export type { InboxOutbox, SqlInboxOptions } from './sql-inbox-options.js';
export { sqlInboxTable } from './sql-inbox-table.js';
