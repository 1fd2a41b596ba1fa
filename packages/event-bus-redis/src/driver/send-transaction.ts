import type { ClusterNodes } from './cluster-nodes.js';
import { MAX_TRIES, redirection } from './cluster-redirection.js';
import { keyOf } from './command-key.js';
import type { IoredisConnection } from './ioredis-connection.js';
import type { RedisCommand, RedisReply } from './redis-command.js';
import type { RepliesTogether } from './redis-connection.js';
import { RedisReplyError } from './redis-reply-error.js';
import { transactionReplies } from './transaction-replies.js';

/**
 * Sends commands of one stream between `MULTI` and `EXEC` to the node that serves it, others behind them. When the node
 * redirects it has executed none, and all are sent again.
 *
 * @throws as `RedisConnection.send`
 */
export async function sendTransaction(
  nodes: ClusterNodes,
  commands: readonly RedisCommand[],
  following: readonly RedisCommand[],
  timeoutMs: number | undefined,
): Promise<RepliesTogether> {
  const all = [['MULTI'], ...commands, ['EXEC'], ...following];
  const size = commands.length + 2;
  let replies: readonly (RedisReply | RedisReplyError)[] = [];
  let asking: IoredisConnection | undefined;
  let node: IoredisConnection | undefined;
  for (let tries = 1; tries <= MAX_TRIES; tries += 1) {
    const to = asking ?? nodes.owner(await nodes.slots(tries > 1), keyOf(commands[0] ?? []));
    node = to;
    const sent = asking === undefined ? all : [['ASKING'], ...all];
    replies = (await nodes.watched(() => to.send(sent, timeoutMs))).slice(sent.length - all.length);
    const found = redirection(replies.slice(1, size).find((reply) => redirection(reply) !== undefined));
    // Without `MULTI` some of them may have been executed.
    if (found === undefined || replies[0] instanceof RedisReplyError) break;
    asking = found.ask && nodes.named(found.ask);
    if (asking === undefined) nodes.doubt();
  }
  const { isOpen, ...together } = transactionReplies(commands, replies.slice(0, size), (text) => text);
  if (isOpen) await node?.interrupt();
  return { ...together, replies: [...together.replies, ...replies.slice(size)] };
}
