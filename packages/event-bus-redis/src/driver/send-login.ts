import { reasonOf, type TextCleaner } from '@openedx-ts/events-core/bus';
import type { Redis } from 'ioredis';
import { ServerRefusal } from './open-client.js';
import type { RedisCommand } from './redis-command.js';

/**
 * Sends the first commands of a connection at once and returns their replies. A refused `CLIENT` is ignored, since it only
 * gives the connection a name, unless the connection itself is refused.
 *
 * @throws ServerRefusal for the first command that the server refuses
 */
export async function sendLogin(
  client: Redis,
  commands: readonly RedisCommand[],
  texts: TextCleaner,
): Promise<readonly unknown[]> {
  const pipeline = client.pipeline();
  for (const [name, ...args] of commands) pipeline.call(name as string, ...(args as string[]));
  const replies = (await pipeline.exec()) ?? [];
  return replies.map(([error, reply], index) => {
    if (error === null) return reply;
    const [name] = commands[index] as RedisCommand;
    if (error.name !== 'ReplyError') throw new Error(reasonOf(error)); // the error of ioredis holds the password
    if (name === 'CLIENT' && !NO_CONNECTION.test(error.message)) return undefined;
    throw new ServerRefusal(name as string, texts.clean(error.message));
  });
}

/** How a server replies, whatever the command is, before it closes the connection or executes nothing on it. */
const NO_CONNECTION = /^(?:NOAUTH|DENIED)\b|max number of clients/;
