import { InfrastructureError } from '@openedx-ts/events-core';
import { reasonOf, runtime } from '@openedx-ts/events-core/bus';
import { addressOf, type ClusterSlots, clusterSlots, type NodeAddress } from './cluster-slots.js';
import type { RedisConnectionOptions } from './connect-redis.js';
import { IoredisConnection } from './ioredis-connection.js';
import { nodeAddress } from './node-address.js';
import { RedisAccessError } from './redis-access-error.js';
import { redisAddress } from './redis-address.js';
import { RedisReplyError } from './redis-reply-error.js';

/**
 * Which node of a cluster serves which slot. The connections of a producer or a consumer share it. It is asked for when it
 * is needed first, and again after a node was unreachable or has redirected a command.
 */
export class ClusterTopology {
  readonly #options: RedisConnectionOptions;
  #slots: ClusterSlots | undefined;
  #asking: Promise<ClusterSlots> | undefined;
  #isStale = true;
  #changes = 0;

  constructor(options: RedisConnectionOptions) {
    this.#options = options;
  }

  /** How often a slot was seen to have moved to another node. */
  get changes(): number {
    return this.#changes;
  }

  /** The nodes that are known; none before the first `current`. */
  get nodes(): ReadonlyMap<string, NodeAddress> {
    return this.#slots?.nodes ?? new Map();
  }

  /** Notes that the slots may have moved. */
  doubt(): void {
    this.#isStale = true;
  }

  /**
   * The slots as they are known; asks when none are. After `doubt` it asks too, but does not wait for that: most commands
   * are for nodes that are not concerned, and the node that is asked may be silent.
   *
   * @throws as `fresh`
   */
  async current(): Promise<ClusterSlots> {
    if (this.#slots === undefined) return this.fresh();
    if (this.#isStale) this.fresh().catch(() => {}); // commands for nodes that are unreachable fail by themselves
    return this.#slots;
  }

  /**
   * The slots as a node reports them after `doubt`.
   *
   * @throws RedisAccessError when the server is no cluster, or refuses the user
   * @throws InfrastructureError when no node replies
   */
  async fresh(): Promise<ClusterSlots> {
    if (this.#slots !== undefined && !this.#isStale) return this.#slots;
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  /** What in the options of a connection is different for one node. */
  nodeOptions(node: NodeAddress): Pick<RedisConnectionOptions, 'cluster' | 'url'> {
    return { cluster: false, url: urlOf(this.#options.url, node) };
  }

  /** The address at which we reach a node, which behind NAT is not the one that the nodes know. */
  readonly mapped = (node: NodeAddress): NodeAddress => {
    const { natMap } = this.#options.clientOptions ?? {};
    const key = addressOf(node);
    return (typeof natMap === 'function' ? natMap(key) : natMap?.[key]) ?? node;
  };

  /** Asks nodes one after another until one replies; each gets an equal share of the time. */
  async #ask(): Promise<ClusterSlots> {
    const { clock } = runtime();
    const startedAt = clock.monotonic();
    const candidates = this.#candidates();
    const failures: unknown[] = [];
    for (const [index, node] of candidates.entries()) {
      const leftMs = this.#options.connectTimeoutMs - (clock.monotonic() - startedAt);
      const timeoutMs = Math.max(1, Math.ceil(leftMs / (candidates.length - index)));
      try {
        return this.#note(await this.#askNode(node, timeoutMs));
      } catch (error) {
        failures.push(error);
      }
    }
    const message = `no node of the Redis Cluster replies: ${failures.map(reasonOf).join('; ')}`;
    const refusal = failures.find((failure) => failure instanceof RedisAccessError);
    if (refusal !== undefined && failures.length === candidates.length) throw refusal;
    throw new InfrastructureError(message, { cause: failures.at(-1) });
  }

  async #askNode(node: NodeAddress, timeoutMs: number): Promise<ClusterSlots> {
    const timeouts = { connectTimeoutMs: timeoutMs, commandTimeoutMs: timeoutMs };
    const options = { ...this.#options, ...this.nodeOptions(node), ...timeouts };
    const connection = new IoredisConnection(options);
    try {
      const [reply] = await connection.send([['CLUSTER', 'SLOTS']]);
      if (reply instanceof RedisReplyError) throw refusalOf(reply, node);
      const slots = clusterSlots(reply ?? null, node, this.mapped);
      if (slots.nodes.size > 0) return slots;
      throw new InfrastructureError(
        `Redis at ${addressOf(node)} serves no slot: the cluster is not complete`,
      );
    } finally {
      await connection.close();
    }
  }

  /** Nodes that replied before, then those of the options: in a random order, so that not all clients ask one of them. */
  #candidates(): readonly NodeAddress[] {
    const known = [...this.nodes.values()].sort(() => runtime().random() - 0.5);
    const { url, cluster } = this.#options;
    const address = redisAddress(url);
    const first = 'problem' in address ? [] : [address];
    const others = Array.isArray(cluster) ? cluster.map(nodeAddress) : [];
    const all = [...known, ...first, ...others].flatMap((node) => node ?? []);
    return [...new Map(all.map(({ host, port }) => [addressOf({ host, port }), { host, port }])).values()];
  }

  #note(slots: ClusterSlots): ClusterSlots {
    const before = this.#slots;
    if (before !== undefined && slots.owners.some((owner, slot) => owner !== before.owners[slot]))
      this.#changes += 1;
    this.#slots = slots;
    this.#isStale = false;
    return slots;
  }
}

/** The URL with the address of a node in place of its own. */
function urlOf(url: string, { host, port }: NodeAddress): string {
  const address = redisAddress(url);
  if ('problem' in address) return url;
  const { isTls, username, password, db } = address;
  const login =
    username === '' && password === ''
      ? ''
      : `${encodeURIComponent(username)}:${encodeURIComponent(password)}@`;
  const place = `${host.includes(':') ? `[${host}]` : host}:${port}/${db}`;
  return `${isTls ? 'rediss' : 'redis'}://${login}${place}`;
}

function refusalOf({ code, message }: RedisReplyError, node: NodeAddress): Error {
  if (/cluster support disabled/i.test(message))
    return new RedisAccessError(
      `Redis at ${addressOf(node)} is not in cluster mode: remove the option cluster (EVENT_BUS_REDIS_CLUSTER)`,
    );
  if (code === 'NOPERM' || code === 'NOAUTH') return new RedisAccessError(message);
  return new InfrastructureError(message);
}
