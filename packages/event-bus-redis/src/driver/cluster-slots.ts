import type { RedisReply } from './redis-command.js';

/** Host and port of a node. */
export interface NodeAddress {
  readonly host: string;
  readonly port: number;
}

/** Which node serves which slots, as a reply to `CLUSTER SLOTS` shows it. */
export interface ClusterSlots {
  /** The primary of each slot as `host:port`; undefined for a slot that no node serves. */
  readonly owners: readonly (string | undefined)[];
  /** All nodes by `host:port`: primaries and replicas. */
  readonly nodes: ReadonlyMap<string, NodeAddress>;
}

/**
 * Reads a reply to `CLUSTER SLOTS`.
 *
 * @param asked the node that replied: it may leave out its own host, and Redis 7 leaves out hosts that it does not know
 * @param mapped the address at which we reach a node
 */
export function clusterSlots(
  reply: RedisReply,
  asked: NodeAddress,
  mapped: (address: NodeAddress) => NodeAddress = (address) => address,
): ClusterSlots {
  const owners: (string | undefined)[] = new Array(SLOTS).fill(undefined);
  const nodes = new Map<string, NodeAddress>();
  const noted = (node: RedisReply): string => {
    const [host, port] = node as readonly RedisReply[];
    const name = host === null ? '' : String(host);
    const address = mapped({ host: name === '' || name === '?' ? asked.host : name, port: Number(port) });
    const text = addressOf(address);
    nodes.set(text, address);
    return text;
  };
  for (const range of (reply ?? []) as readonly (readonly RedisReply[])[]) {
    const [from, to, ...servers] = range;
    const [owner] = servers.map(noted);
    if (owner !== undefined) owners.fill(owner, Number(from), Number(to) + 1);
  }
  return { owners, nodes };
}

/** `host:port`, by which nodes are distinguished. */
export function addressOf({ host, port }: NodeAddress): string {
  return `${host}:${port}`;
}

/** Number of slots of every cluster. */
const SLOTS = 16_384;
