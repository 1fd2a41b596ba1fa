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
 * Parses the URLs of redis-py: `redis://user:password@host:port/db`, `rediss://…`, `unix://…/path?db=0`, or the path of a
 * socket. Of the query, `db`, `username` and `password` are used; other parameters are options of redis-py and are ignored.
 *
 * @returns the address, or a `problem` that does not repeat the URL, which may hold a password
 */
export function redisAddress(text: string): RedisAddress | { readonly problem: string } {
  const isSocket = /^(?:unix:\/\/|\/)/.test(text);
  if (!isSocket && !/^rediss?:\/\/./.test(text)) return { problem: EXPECTED };
  const url = parsed(withHost(text));
  if (url === null) return { problem: UNREADABLE };
  const { hostname, port, pathname, search, hash, searchParams } = url;
  if (hash !== '' || /@/.test(pathname + search)) return { problem: UNREADABLE };
  const username = decoded(url.username);
  const password = decoded(url.password);
  const path = decoded(pathname);
  if (username === undefined || password === undefined || path === undefined) return { problem: UNREADABLE };
  const db = (isSocket ? '' : path.slice(1)) || searchParams.get('db') || '0';
  if (!/^\d{1,9}$/.test(db)) return { problem: 'the database at its end must be a number' };
  return {
    host: hostname.replace(/^\[|\]$/g, '') || 'localhost',
    port: Number(port || 6379),
    path: isSocket ? path : undefined,
    isTls: text.startsWith('rediss://'),
    username: username || searchParams.get('username') || '',
    password: password || searchParams.get('password') || '',
    db: Number(db),
  };
}

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
