import { okFinding, problemFinding, warningFinding } from '@openedx-ts/events-core/bus';
import type { Finding } from '@openedx-ts/events-core/operate';
import type { RedisConnection } from '../driver/redis-connection.js';
import { RedisReplyError } from '../driver/redis-reply-error.js';
import type { AskRedis } from './ask-redis.js';
import type { RedisView } from './redis-view.js';

/**
 * Checks kind, version, role, persistence and memory of the server, or of every node of a cluster that serves slots. What
 * the user may not query counts as unknown, not as wrong.
 */
export async function brokerFindings({
  ask,
  connection,
  address,
}: Pick<RedisView, 'ask' | 'connection' | 'address'>): Promise<readonly Finding[]> {
  if (!connection.isCluster) return serverFindings(ask, address, false);
  const servers = await connection.servers();
  const findings = [...(await clusterFindings(servers))];
  for (const server of servers)
    findings.push(...(await serverFindings((...commands) => server.send(commands), server.address, true)));
  return findings;
}

async function serverFindings(ask: AskRedis, address: string, isNode: boolean): Promise<readonly Finding[]> {
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
    ...modeFindings(facts, isNode),
    ...roleFindings(facts),
    ...replicaFindings(facts, isNode),
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

/** The state of a cluster, as its first node sees it. */
async function clusterFindings(servers: readonly RedisConnection[]): Promise<readonly Finding[]> {
  const [reply] = (await servers[0]?.send([['CLUSTER', 'INFO']])) ?? [];
  const facts = reply instanceof RedisReplyError ? new Map<string, string>() : factsIn(String(reply));
  const message = `Redis Cluster: ${servers.length} nodes serve slots`;
  const state = facts.get('cluster_state') ?? 'unknown';
  if (state === 'ok') return [okFinding('cluster', message)];
  if (state === 'unknown')
    return [
      warningFinding(
        'cluster',
        `${message}; its state is unknown: the user may not run CLUSTER INFO`,
        'grant it the command CLUSTER INFO, or run doctor as another user',
      ),
    ];
  const served = facts.get('cluster_slots_ok') ?? 'some';
  return [
    problemFinding(
      'cluster',
      `${message}, and its state is ${state}: ${served} of 16384 slots are served`,
      'start the nodes that are down, or promote their replicas (CLUSTER FAILOVER)',
    ),
  ];
}

function modeFindings(facts: ServerFacts, isNode: boolean): readonly Finding[] {
  if (isNode || facts.get('cluster_enabled') !== '1') return [];
  const message =
    'the server is a node of a Redis Cluster, and we use it alone: topics of other nodes (MOVED) and two topics at once (CROSSSLOT) are refused';
  return [problemFinding('broker', message, 'set EVENT_BUS_REDIS_CLUSTER=true')];
}

/** Replicas of a primary: those of a single server only where there are some. */
function replicaFindings(facts: ServerFacts, isNode: boolean): readonly Finding[] {
  if (facts.get('role') !== 'master') return [];
  const count = Number(facts.get('connected_slaves') ?? 0);
  if (count > 0)
    return [
      okFinding(
        'replication',
        `replicas connected: ${count}; an event is accepted before they have it, unless the producer waits (acceptedBy)`,
      ),
    ];
  if (!isNode) return [];
  const message = 'the node has no replica: while it is down, its topics are neither sent nor consumed';
  return [warningFinding('replication', message, 'give every primary a replica (CLUSTER REPLICATE)')];
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
