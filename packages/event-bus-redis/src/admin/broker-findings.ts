import { okFinding, problemFinding, warningFinding } from '@openedx-ts/events-core/bus';
import type { Finding } from '@openedx-ts/events-core/operate';
import { RedisReplyError } from '../driver/redis-reply-error.js';
import type { AskRedis } from './ask-redis.js';

/** Checks version, role, persistence and memory of the server. What the user may not query counts as unknown, not as wrong. */
export async function brokerFindings(ask: AskRedis, address: string): Promise<readonly Finding[]> {
  const [info, appendfsync, save] = await ask(
    ['INFO'],
    ['CONFIG', 'GET', 'appendfsync'],
    ['CONFIG', 'GET', 'save'],
  );
  if (info instanceof RedisReplyError) {
    return [
      okFinding('broker', `${address} replies`),
      warningFinding(
        'broker',
        'version, persistence and memory are unknown: the user may not run INFO',
        'grant it the command INFO, or run doctor as another user',
      ),
    ];
  }
  const facts = factsIn(String(info));
  return [
    versionFinding(facts, address),
    ...clusterFindings(facts),
    ...roleFindings(facts),
    ...writeFindings(facts),
    persistenceFinding(facts, settingIn(appendfsync), settingIn(save)),
    ...memoryFindings(facts),
  ];
}

type ServerFacts = ReadonlyMap<string, string>;

function factsIn(info: string): ServerFacts {
  return new Map(
    info.split(/\r?\n/).flatMap((line) => {
      const colon = line.indexOf(':');
      return colon < 0 ? [] : [[line.slice(0, colon), line.slice(colon + 1)] as const];
    }),
  );
}

/** The value in a reply of `CONFIG GET`; undefined when the server refuses it, as hosted ones do. */
function settingIn(reply: unknown): string | undefined {
  return Array.isArray(reply) && reply.length === 2 ? String(reply[1]) : undefined;
}

function versionFinding(facts: ServerFacts, address: string): Finding {
  const version = facts.get('redis_version') ?? 'of an unknown version';
  const valkey = facts.get('valkey_version');
  const server = valkey === undefined ? `Redis ${version}` : `Valkey ${valkey}`;
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > 6 || (major === 6 && minor >= 2)) return okFinding('broker', `${address} replies: ${server}`);
  return problemFinding(
    'broker',
    `${address} is ${server}, which lacks XAUTOCLAIM`,
    'use Redis 6.2 or later',
  );
}

function clusterFindings(facts: ServerFacts): readonly Finding[] {
  if (facts.get('cluster_enabled') !== '1') return [];
  const message =
    'the server is in cluster mode, which is not supported yet: keys on other nodes (MOVED) and reads of two topics (CROSSSLOT) are refused';
  return [problemFinding('broker', message, 'connect to a server without cluster mode')];
}

function roleFindings(facts: ServerFacts): readonly Finding[] {
  if (facts.get('role') !== 'slave') return [];
  const message = 'the URL leads to a replica, which accepts no events and no acknowledgements';
  return [
    problemFinding('broker', message, 'set EVENT_BUS_REDIS_CONNECTION_URL to the address of the primary'),
  ];
}

function writeFindings(facts: ServerFacts): readonly Finding[] {
  const failed = ['aof_last_write_status', 'rdb_last_bgsave_status'].filter(
    (name) => facts.get(name) === 'err',
  );
  if (failed.length === 0) return [];
  const message = `Redis could not write to its disk (${failed.join(', ')}): it may refuse events until it can`;
  return [problemFinding('broker', message, 'free space on the disk of Redis, and read the log of Redis')];
}

function persistenceFinding(
  facts: ServerFacts,
  appendfsync: string | undefined,
  save: string | undefined,
): Finding {
  const subject = 'persistence';
  if (facts.get('aof_enabled') === '1') {
    if (appendfsync === 'no')
      return warningFinding(
        subject,
        'the operating system decides when the append-only file is flushed: a power cut loses up to 30 s of events',
        'set appendfsync to everysec or always',
      );
    const loss = {
      always: 'an accepted event is on the disk',
      everysec: 'a power cut loses up to 1 s of events',
    }[appendfsync ?? ''];
    return okFinding(subject, `append-only file${loss === undefined ? '' : `: ${loss}`}`);
  }
  const message =
    save === ''
      ? 'nothing is written to disk: a restart loses every event and the position of every group'
      : 'snapshots only: a restart loses events and positions since the last snapshot';
  return warningFinding(subject, message, 'set appendonly to yes, with appendfsync everysec or always');
}

function memoryFindings(facts: ServerFacts): readonly Finding[] {
  const subject = 'memory';
  const policy = facts.get('maxmemory_policy') ?? 'unknown';
  const limit = Number(facts.get('maxmemory') ?? 0);
  const used = Number(facts.get('used_memory') ?? 0);
  const cure = 'set maxmemory-policy to noeviction; keep caches in another Redis';
  if (policy.startsWith('allkeys-')) {
    const message = `the policy ${policy} deletes whole streams when memory is full`;
    if (limit > 0) return [problemFinding(subject, message, cure)];
    return [warningFinding(subject, `${message}; there is no limit (maxmemory 0) so far`, cure)];
  }
  if (limit === 0) return [okFinding(subject, `no limit (maxmemory 0), policy ${policy}`)];
  const share = Math.round((used / limit) * 100);
  const message = `${share} % of maxmemory in use, policy ${policy}`;
  const more = 'give Redis more memory, or trim streams earlier (EVENT_BUS_REDIS_STREAM_MAX_LEN)';
  if (share >= 100) return [problemFinding(subject, `${message}: events are refused`, more)];
  if (share >= 80) return [warningFinding(subject, `${message}: at 100 % events are refused`, more)];
  return [okFinding(subject, message)];
}
