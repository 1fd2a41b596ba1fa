/** One command: its name, then its arguments. */
export type RedisCommand = readonly (string | Uint8Array)[];

/** What Redis answers: bytes, integers, nothing, or lists of these. */
export type RedisReply = Buffer | number | null | readonly RedisReply[];
