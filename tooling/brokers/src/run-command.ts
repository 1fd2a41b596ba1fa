import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { BrokerFailedError } from './ladder/broker-failed-error.js';
import { BrokerUnavailableError } from './ladder/broker-unavailable-error.js';
import type { RedisOptions } from './redis/redis-options.js';
import { startRedis } from './redis/start-redis.js';

const usage = `Usage: node dist/main.js start redis [options]

Starts a server on a free port of 127.0.0.1, prints its URL, and stops it at Ctrl-C.

  --appendonly no|everysec|always   persistence (default: no)
  --password TEXT                   password of the user "default"
  --config LINE                     a further line of redis.conf; may be repeated
`;

/**
 * The command line: what it prints on stdout is the URL alone.
 * @returns the exit code: 0 after Ctrl-C, 1 when no server came up, 2 for a wrong call
 */
export async function runCommand(args: readonly string[]): Promise<number> {
  const options = optionsOf(args);
  if (typeof options === 'string') {
    process.stderr.write(`${options}\n${usage}`);
    return 2;
  }
  try {
    await using server = await startRedis(options);
    process.stdout.write(`${server.url}\n`);
    await interruption();
    await server.stop();
    return 0;
  } catch (error) {
    if (!(error instanceof BrokerUnavailableError || error instanceof BrokerFailedError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}

async function interruption(): Promise<void> {
  // A signal's listener keeps no process alive.
  const alive = setInterval(() => {}, 60_000);
  await Promise.race((['SIGINT', 'SIGTERM', 'SIGHUP'] as const).map((signal) => once(process, signal)));
  clearInterval(alive);
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
