/** One command: its name, then its arguments. */
export type RedisCommand = readonly (string | Uint8Array)[];

/** The reply of Redis to a command: bytes, an integer, null, or a list of replies. */
export type RedisReply = Buffer | number | null | readonly RedisReply[];
