import type { NodeAddress } from './cluster-slots.js';
import { nodeAddress } from './node-address.js';
import { RedisReplyError } from './redis-reply-error.js';

/** How often a command is sent when nodes redirect it: a slot may be moved from node to node. */
export const MAX_TRIES = 5;

/** Where a node has sent us: the command was not executed. */
export interface Redirection {
  /** The node for this command only (`ASK`), while its slot is moved; undefined when the slot has moved (`MOVED`). */
  readonly ask: NodeAddress | undefined;
}

/** The redirection in a reply; undefined for any other reply. */
export function redirection(reply: unknown): Redirection | undefined {
  if (!(reply instanceof RedisReplyError)) return undefined;
  if (reply.code === 'MOVED') return { ask: undefined };
  if (reply.code !== 'ASK') return undefined;
  const [, address = ''] = /\bASK \d+ (\S+)/.exec(reply.message) ?? [];
  return { ask: nodeAddress(address) };
}
