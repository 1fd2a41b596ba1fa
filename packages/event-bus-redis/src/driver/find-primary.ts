import { InfrastructureError } from '@openedx-ts/events-core';
import { reasonOf, runtime, type TextCleaner } from '@openedx-ts/events-core/bus';
import { openClient, ServerRefusal } from './open-client.js';
import { RedisAccessError } from './redis-access-error.js';
import type { RedisCommand } from './redis-command.js';
import type { RedisDriverOptions } from './redis-driver-options.js';
import type { RedisServer } from './redis-server.js';
import { sendLogin } from './send-login.js';

/** How to ask Sentinels. */
export interface FindPrimaryOptions {
  readonly clientOptions: RedisDriverOptions;
  readonly allowInsecure: boolean;
  /** The time that is left to connect, in milliseconds. Each Sentinel gets an equal share, and the primary one too. */
  readonly leftMs: () => number;
  readonly texts: TextCleaner;
  readonly abortSignal: AbortSignal | undefined;
}

/**
 * Asks Sentinels one after another for the address of the primary, until one knows it. Any of them is asked first: one may
 * name a former primary for half a minute (in TILT mode), and whoever finds a replica there asks again.
 *
 * @throws RedisAccessError when every Sentinel refuses us, or its certificate is not trusted
 * @throws InfrastructureError when none answers with an address
 */
export async function findPrimary(
  sentinels: readonly RedisServer[],
  options: FindPrimaryOptions,
): Promise<{ readonly host: string; readonly port: number }> {
  const { clientOptions, allowInsecure, leftMs, texts, abortSignal } = options;
  const { name = '', keepAlive } = clientOptions;
  const failures: unknown[] = [];
  for (const [index, sentinel] of fromAny(sentinels).entries()) {
    const timeoutMs = Math.ceil(leftMs() / (sentinels.length - index + 1));
    const how = { timeoutMs, allowInsecure, abortSignal, ...(keepAlive === undefined ? {} : { keepAlive }) };
    try {
      const address = await openClient(sentinel, how, async (client) => {
        const replies = await sendLogin(client, commandsFor(clientOptions), texts);
        client.disconnect();
        return addressIn(replies.at(-1));
      });
      if (address !== undefined) return mapped(address, clientOptions);
      const cure = 'check clientOptions.name';
      throw new InfrastructureError(`${placeOf(sentinel)} knows no primary named ${name}: ${cure}`);
    } catch (error) {
      failures.push(error instanceof ServerRefusal ? refusal(error, sentinel) : error);
    }
  }
  const reasons = failures.map(reasonOf).join('; ');
  const message = `the primary ${name} cannot be found: ${reasons}`;
  if (failures.every((failure) => failure instanceof RedisAccessError)) throw new RedisAccessError(message);
  throw new InfrastructureError(message, { cause: failures.at(-1) });
}

function fromAny(sentinels: readonly RedisServer[]): readonly RedisServer[] {
  const first = Math.floor(runtime().random() * sentinels.length);
  return [...sentinels.slice(first), ...sentinels.slice(0, first)];
}

function commandsFor({ name = '', sentinelUsername, sentinelPassword }: RedisDriverOptions): RedisCommand[] {
  const user = sentinelUsername ? [sentinelUsername] : [];
  const login: RedisCommand[] = sentinelPassword ? [['AUTH', ...user, sentinelPassword]] : [];
  return [...login, ['SENTINEL', 'get-master-addr-by-name', name]];
}

function addressIn(reply: unknown): { readonly host: string; readonly port: number } | undefined {
  if (!Array.isArray(reply)) return undefined;
  const [host, port] = [String(reply[0]), Number(reply[1])];
  return host !== '' && Number.isInteger(port) && port > 0 && port < 65_536 ? { host, port } : undefined;
}

/** Behind NAT, the Sentinels know other addresses than we do. */
function mapped(
  address: { readonly host: string; readonly port: number },
  { natMap }: RedisDriverOptions,
): { readonly host: string; readonly port: number } {
  const key = `${address.host}:${address.port}`;
  return (typeof natMap === 'function' ? natMap(key) : natMap?.[key]) ?? address;
}

function refusal({ command, message }: ServerRefusal, sentinel: RedisServer): Error {
  const place = placeOf(sentinel);
  const cure = 'check clientOptions.sentinelUsername and sentinelPassword';
  if (command === 'AUTH' || /^(?:NOAUTH|NOPERM)/.test(message))
    return new RedisAccessError(`${place} refuses us (${message}): ${cure}`);
  return new InfrastructureError(`${place} refuses ${command}: ${message}`);
}

function placeOf({ host, port }: RedisServer): string {
  return `Sentinel at ${host}:${port}`;
}
