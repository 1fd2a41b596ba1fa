/** How a server for a test is configured. */
export interface RedisOptions {
  /** Persistence: `no` (default: data do not survive a restart), or an append-only file written `everysec` or `always`. */
  readonly appendonly?: 'no' | 'everysec' | 'always';
  /** Password of the user `default`. It is part of `url`. */
  readonly password?: string;
  /** ACL lines, each `NAME RULE…`: `worker on >secret ~events* +@stream`. */
  readonly users?: readonly string[];
  /** Further lines of redis.conf; they come last. */
  readonly config?: readonly string[];
  /** Another server than an ordinary Redis of version 7: from Docker, else from a Python wheel. */
  readonly edition?: RedisEdition;
  /** True for a server that this test alone uses and controls, even when `TEST_REDIS_URL` names one. */
  readonly own?: boolean;
}

/** Servers whose replies differ: Redis 6.2 (the oldest with XAUTOCLAIM), Redis 8.2 and Valkey 9. */
export type RedisEdition = 'redis-6.2' | 'redis-8.2' | 'valkey-9';

/** Whether only a server that nobody else configures will do. */
export function wantsOwnServer({ own, ...configuration }: RedisOptions): boolean {
  return own === true || Object.keys(configuration).length > 0;
}
