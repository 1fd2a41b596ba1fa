/** The address of a Redis server and our credentials there, as parsed from a URL. */
export interface RedisAddress {
  readonly host: string;
  readonly port: number;
  /** The path of a Unix socket, which replaces host and port. */
  readonly path: string | undefined;
  readonly isTls: boolean;
  readonly username: string;
  readonly password: string;
  readonly db: number;
}

/**
 * Parses URLs as redis-py does: `redis://user:password@host:port/db`, `rediss://…`, `unix://…/path?db=0`, or the path of a
 * socket. `db` in the query wins over the path; `username`, `password`, `host` and `port` in the query count where the URL
 * has none; other parameters are options of redis-py and are ignored. What redis-py would guess is refused.
 *
 * @returns the address, or a `problem` that does not repeat the URL, which may hold a password
 */
export function redisAddress(text: string): RedisAddress | { readonly problem: string } {
  const isSocket = /^(?:unix:\/\/|\/)/.test(text);
  if (!isSocket && !/^rediss?:\/\/./.test(text)) return { problem: EXPECTED };
  const url = parsed(withHost(text));
  if (url === null || url.hash !== '' || /@/.test(url.pathname + url.search)) return { problem: UNREADABLE };
  const [username, password, host, path] = [url.username, url.password, url.hostname, url.pathname].map(
    decoded,
  );
  if (username === undefined || password === undefined || host === undefined || path === undefined)
    return { problem: UNREADABLE };
  if (isSocket && (path === '' || path === '/')) return { problem: 'must name the path of the socket' };
  const query = (name: string) => url.searchParams.getAll(name).find((value) => value !== '');
  const db = query('db') ?? ((isSocket ? '' : path.replace(/^\/+|\/+$/g, '')) || '0');
  if (!/^\d{1,9}$/.test(db)) return { problem: 'the database at its end must be a number' };
  const port = Number(url.port) || Number(query('port') ?? DEFAULT_PORT);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) return { problem: 'the port must be a number' };
  return {
    host: (host || (query('host') ?? '')).replace(/^\[|\]$/g, '') || 'localhost',
    port,
    path: isSocket ? path : undefined,
    isTls: text.startsWith('rediss://'),
    username: username || (query('username') ?? ''),
    password: password || (query('password') ?? ''),
    db: Number(db),
  };
}

/** Host and port in a URL, or its path, for messages. */
export function placeOf(url: string): string {
  const address = redisAddress(url);
  return 'problem' in address ? 'Redis' : (address.path ?? `${address.host}:${address.port}`);
}

const DEFAULT_PORT = 6379;
const EXPECTED = 'must be a URL such as redis://localhost:6379/0 (EVENT_BUS_REDIS_CONNECTION_URL)';
const UNREADABLE =
  'cannot be read as a URL: in user and password, characters such as / ? # @ % are written as %2F %3F %23 %40 %25';

/** The URL of a socket has no host name, and `URL` does not parse it without one. */
function withHost(text: string): string {
  if (text.startsWith('/')) return `unix://localhost${text}`;
  return text.replace(/^unix:\/\/([^/]*@)?\//, 'unix://$1localhost/');
}

function parsed(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null; // the error would quote the URL
  }
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
