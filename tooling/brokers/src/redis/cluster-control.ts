import { callRedis } from './call-redis.js';
import type { RedisCluster } from './redis-cluster.js';
import { isInSync, startIfDown } from './redis-node.js';
import type { RedisServer } from './redis-server.js';
import { until } from './until.js';

/** What a node reports of one of the nodes, itself included: a line of `CLUSTER NODES`. */
export interface ClusterRow {
  readonly id: string;
  readonly port: number;
  readonly flags: string;
  /** The id of its primary; `-` for a primary. */
  readonly primaryId: string;
  /** Whether it serves slots. */
  readonly hasSlots: boolean;
}

/** Controls the nodes of a cluster. */
export class ClusterControl implements RedisCluster {
  readonly nodes: readonly RedisServer[];

  constructor(nodes: readonly RedisServer[]) {
    this.nodes = nodes;
  }

  get url(): string {
    return (this.nodes[0] as RedisServer).url;
  }

  /** The nodes as one of them sees them; none where it does not answer. */
  async rows(node: RedisServer): Promise<readonly ClusterRow[]> {
    const text = await callRedis(node, 'CLUSTER', 'NODES').catch(() => '');
    return text
      .trim()
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const [id = '', address = '', flags = '', primaryId = '', , , , , ...slots] = line.split(' ');
        const port = Number(/:(\d+)@/.exec(address)?.[1]);
        return { id, port, flags, primaryId, hasSlots: slots.some((slot) => !slot.startsWith('[')) };
      });
  }

  async primaries(): Promise<readonly RedisServer[]> {
    const rows = (await this.#views()).at(0)?.rows ?? [];
    return rows.filter(({ hasSlots }) => hasSlots).flatMap(({ port }) => this.#nodeAt(port) ?? []);
  }

  async primaryOf(key: string): Promise<RedisServer> {
    const node = (await this.#views())[0]?.node as RedisServer;
    const slot = Number(await callRedis(node, 'CLUSTER', 'KEYSLOT', key));
    return this.#nodeAt(await this.#portOf(slot, node)) as RedisServer;
  }

  async failOver(primary: RedisServer): Promise<RedisServer> {
    const id = await callRedis(primary, 'CLUSTER', 'MYID');
    const replica = (await this.rows(primary)).find(({ primaryId }) => primaryId === id);
    const node = this.#nodeAt(replica?.port ?? 0) as RedisServer;
    await callRedis(node, 'CLUSTER', 'FAILOVER');
    return this.promoted(primary);
  }

  promoted(before: RedisServer): Promise<RedisServer> {
    return until('another node serves the slots', async () => {
      const views = await this.#views();
      const isKnown = views.every(({ rows }) => {
        const serving = rows.filter(({ hasSlots }) => hasSlots);
        return serving.length === 3 && serving.every(({ port }) => port !== before.port);
      });
      if (views.length === 0 || !isKnown || !(await this.#isServing())) return undefined;
      const group = this.#groupOf(before.port);
      const row = views[0]?.rows.find(({ port, hasSlots }) => hasSlots && this.#groupOf(port) === group);
      return this.#nodeAt(row?.port ?? 0);
    });
  }

  async heal(): Promise<void> {
    for (const node of this.nodes) await startIfDown(node);
    await until('every slot is served and every replica has the data', async () => {
      const views = await this.#views();
      const isWhole = views.every(({ rows }) => {
        const serving = rows.filter(({ hasSlots }) => hasSlots);
        return serving.length === 3 && rows.every(({ flags }) => !/fail|handshake|noaddr/.test(flags));
      });
      if (views.length !== this.nodes.length || !isWhole || !(await this.#isServing())) return false;
      return (await Promise.all(this.nodes.map((node) => isInSync(node, 1)))).every(Boolean);
    });
  }

  async moveSlot(key: string, to: RedisServer): Promise<void> {
    const end = await this.startMove(key, to);
    await end();
  }

  async startMove(key: string, to: RedisServer): Promise<() => Promise<void>> {
    const from = await this.primaryOf(key);
    const slot = await callRedis(from, 'CLUSTER', 'KEYSLOT', key);
    const [fromId, toId] = await Promise.all([from, to].map((node) => callRedis(node, 'CLUSTER', 'MYID')));
    await callRedis(to, 'CLUSTER', 'SETSLOT', slot, 'IMPORTING', fromId as string);
    await callRedis(from, 'CLUSTER', 'SETSLOT', slot, 'MIGRATING', toId as string);
    const keys = (await callRedis(from, 'CLUSTER', 'GETKEYSINSLOT', slot, 1000)).split('\n');
    for (const moved of keys.filter((name) => name !== ''))
      await callRedis(from, 'MIGRATE', to.host, to.port, moved, 0, 5000);
    return async () => {
      for (const node of [to, from, ...(await this.primaries())])
        await callRedis(node, 'CLUSTER', 'SETSLOT', slot, 'NODE', toId as string);
      await until('all nodes know where the slot is', async () => {
        const ports = await Promise.all(this.nodes.map((node) => this.#portOf(Number(slot), node)));
        return ports.every((port) => port === to.port);
      });
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.nodes.map((node) => node[Symbol.asyncDispose]()));
  }

  /** The port of the node that serves a slot, as one of them sees it. */
  async #portOf(slot: number, node: RedisServer): Promise<number> {
    const lines = (await callRedis(node, 'CLUSTER', 'NODES')).split('\n');
    const line = lines.find((one) =>
      one
        .split(' ')
        .slice(8)
        .some((range) => isWithin(slot, range)),
    );
    return Number(/:(\d+)@/.exec(line ?? '')?.[1]);
  }

  /** What each node that answers sees. */
  async #views(): Promise<readonly { readonly node: RedisServer; readonly rows: readonly ClusterRow[] }[]> {
    const views = await Promise.all(this.nodes.map(async (node) => ({ node, rows: await this.rows(node) })));
    return views.filter(({ rows }) => rows.length > 0);
  }

  /** Whether every node that answers serves commands. */
  async #isServing(): Promise<boolean> {
    const ask = (node: RedisServer) => callRedis(node, 'CLUSTER', 'INFO').catch(() => 'cluster_state:ok');
    const states = await Promise.all(this.nodes.map(ask));
    return states.every((info) => info.includes('cluster_state:ok'));
  }

  /** A primary and its replica form a group, whichever of them serves the slots. */
  #groupOf(port: number): number {
    return this.nodes.findIndex((node) => node.port === port) % 3;
  }

  #nodeAt(port: number): RedisServer | undefined {
    return this.nodes.find((node) => node.port === port);
  }
}

function isWithin(slot: number, range: string): boolean {
  const [from, to = from] = range.split('-').map(Number);
  return slot >= Number(from) && slot <= Number(to);
}
