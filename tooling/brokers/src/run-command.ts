import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { startKafka } from './kafka/start-kafka.js';
import { BrokerFailedError } from './ladder/broker-failed-error.js';
import { BrokerUnavailableError } from './ladder/broker-unavailable-error.js';
import { startMysql } from './mysql/start-mysql.js';
import { startPostgres } from './postgres/start-postgres.js';
import { startRedis } from './redis/start-redis.js';
import { startSchemaRegistry } from './registry/start-schema-registry.js';
import type { ControllableServer } from './server/controllable-server.js';

const usage = `Usage: node dist/main.js start redis|kafka|registry|postgres|mysql … [options]

Starts servers on free ports of 127.0.0.1, prints the address of each on a line of its own, in the order asked for, and
stops them at Ctrl-C.

  --config LINE                     a further line of the server's configuration; may be repeated
  --appendonly no|everysec|always   Redis: persistence (default: no)
  --password TEXT                   Redis: password of the user "default"
`;

interface Settings {
  readonly own: true;
  readonly config?: readonly string[];
  readonly appendonly?: 'no' | 'everysec' | 'always';
  readonly password?: string;
}

/** A running server, and its address for people and programs. */
type Started = readonly [server: ControllableServer, address: string];

type Kind = 'redis' | 'kafka' | 'registry' | 'postgres' | 'mysql';

const starters: Readonly<Record<Kind, (settings: Settings) => Promise<Started>>> = {
  async redis(settings) {
    const server = await startRedis(settings);
    return [server, server.url];
  },
  async kafka(settings) {
    const server = await startKafka(common(settings));
    return [server, server.bootstrapServers];
  },
  async registry(settings) {
    const server = await startSchemaRegistry(common(settings));
    return [server, server.url];
  },
  async postgres(settings) {
    const server = await startPostgres(common(settings));
    return [server, server.url];
  },
  async mysql(settings) {
    const server = await startMysql(common(settings));
    return [server, server.url];
  },
};

/**
 * The command line: what it prints on stdout is the addresses alone.
 * @returns the exit code: 0 after Ctrl-C, 1 when a server did not come up, 2 for a wrong call
 */
export async function runCommand(args: readonly string[]): Promise<number> {
  const call = callOf(args);
  if (typeof call === 'string') {
    process.stderr.write(`${call}\n${usage}`);
    return 2;
  }
  const servers: ControllableServer[] = [];
  try {
    const started = await Promise.allSettled(
      call.kinds.map(async (kind) => {
        const [server, address] = await starters[kind](call.settings);
        servers.push(server);
        return address;
      }),
    );
    for (const one of started) if (one.status === 'rejected') throw one.reason;
    for (const one of started) if (one.status === 'fulfilled') process.stdout.write(`${one.value}\n`);
    await interruption();
    return 0;
  } catch (error) {
    if (!(error instanceof BrokerUnavailableError || error instanceof BrokerFailedError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  } finally {
    await Promise.all(servers.map((server) => server[Symbol.asyncDispose]()));
  }
}

async function interruption(): Promise<void> {
  // A signal's listener keeps no process alive.
  const alive = setInterval(() => {}, 60_000);
  await Promise.race((['SIGINT', 'SIGTERM', 'SIGHUP'] as const).map((signal) => once(process, signal)));
  clearInterval(alive);
}

/** What is asked for, or what is wrong with it. */
function callOf(args: readonly string[]): { kinds: Kind[]; settings: Settings } | string {
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
    const [verb, ...kinds] = positionals;
    if (verb !== 'start' || kinds.length === 0) return '';
    if (!kinds.every(isKind)) return `there is: ${Object.keys(starters).join(', ')}`;
    const forRedis = appendonly !== undefined || values.password !== undefined;
    if (forRedis && !kinds.includes('redis')) return '--appendonly and --password are for redis';
    if (values.config !== undefined && kinds.length > 1) return '--config is for one server at a time';
    if (appendonly === undefined) return { kinds, settings: { own: true, ...others } };
    if (!isAppendonly(appendonly)) return `--appendonly is no, everysec or always`;
    return { kinds, settings: { own: true, appendonly, ...others } };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function isKind(text: string): text is Kind {
  return Object.hasOwn(starters, text);
}

function isAppendonly(text: string): text is 'no' | 'everysec' | 'always' {
  return ['no', 'everysec', 'always'].includes(text);
}

/** What a server other than Redis understands. */
function common({ own, config }: Settings): Pick<Settings, 'own' | 'config'> {
  return { own, ...(config && { config }) };
}
