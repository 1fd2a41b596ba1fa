import type { RedisOptions } from './redis-options.js';

/** Where a server listens and writes. */
export interface RedisPlace {
  readonly bind: string;
  readonly port: number;
  readonly folder: string;
}

/** The text of redis.conf. */
export function redisConfig(options: RedisOptions, { bind, port, folder }: RedisPlace): string {
  const { appendonly = 'no', password, users = [], config = [] } = options;
  const lines = [
    `bind ${bind}`,
    `port ${port}`,
    // The fixture sees to it that only 127.0.0.1 gets here.
    'protected-mode no',
    `dir ${quoted(folder)}`,
    'daemonize no',
    'save ""',
    'repl-diskless-sync-delay 0', // a test has all its replicas: 5 s by default
    ...(appendonly === 'no' ? ['appendonly no'] : ['appendonly yes', `appendfsync ${appendonly}`]),
    ...(password === undefined ? [] : [`requirepass ${quoted(password)}`]),
    ...users.map((user) => `user ${user}`),
    ...config,
  ];
  return `${lines.join('\n')}\n`;
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
