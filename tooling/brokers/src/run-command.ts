import { once } from 'node:events';
import { parseArgs } from 'node:util';
import type { RedisOptions } from './redis/redis-options.js';
import { startRedis } from './redis/start-redis.js';

const usage = `Usage: node dist/main.js start redis [options]

Starts a server on a free port of 127.0.0.1, prints its URL, and stops it at Ctrl-C.

  --appendonly no|everysec|always   persistence (default: no)
  --password TEXT                   password of the user "default"
  --config LINE                     a further line of redis.conf; may be repeated
`;

/** The command line: what it prints on stdout is the URL alone. */
export async function runCommand(args: readonly string[]): Promise<number> {
  const options = optionsOf(args);
  if (typeof options === 'string') {
    process.stderr.write(`${options}\n${usage}`);
    return 2;
  }
  await using server = await startRedis(options);
  process.stdout.write(`${server.url}\n`);
  // A signal's listener keeps no process alive.
  const alive = setInterval(() => {}, 60_000);
  await Promise.race((['SIGINT', 'SIGTERM', 'SIGHUP'] as const).map((signal) => once(process, signal)));
  clearInterval(alive);
  await server.stop();
  return 0;
}

/** The options, or what is wrong with them. */
function optionsOf(args: readonly string[]): RedisOptions | string {
  try {
    const { positionals, values } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        appendonly: { type: 'string' },
        password: { type: 'string' },
        config: { type: 'string', multiple: true },
      },
    });
    const { appendonly, ...others } = values;
    if (positionals.join(' ') !== 'start redis') return '';
    if (appendonly === undefined) return { own: true, ...others };
    if (!isAppendonly(appendonly)) return `--appendonly is no, everysec or always`;
    return { own: true, appendonly, ...others };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function isAppendonly(text: string): text is 'no' | 'everysec' | 'always' {
  return ['no', 'everysec', 'always'].includes(text);
}
