import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { askRedis } from './ask-redis.js';

/**
 * Asks a Redis for a PONG over a connection of its own; user and password come from the URL.
 * @param url `redis://` or `rediss://`
 * @param options.timeoutMs for connection and answer together, default 1000
 * @throws {NoPongError} when it refuses, gives another answer, or does not answer in time
 */
export async function pingRedis(url: string, options: { readonly timeoutMs?: number } = {}): Promise<void> {
  const { protocol, username, password, host, port, hostname } = new URL(url);
  const address = { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 6379) };
  const socket =
    protocol === 'rediss:' ? connectTls({ ...address, servername: address.host }) : connect(address);
  const user = username === '' ? [] : [decodeURIComponent(username)];
  const login = password === '' ? [] : [['AUTH', ...user, decodeURIComponent(password)]];
  await askRedis(host, socket, [...login, ['PING']], options.timeoutMs ?? 1000);
}
