import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/**
 * The access to a console that a command serves: whoever opens the address with the token, once, gets a cookie, and with the
 * cookie what the command grants.
 */
export class OneTimeToken {
  /** For the query of the address: `token`. */
  readonly token = randomBytes(24).toString('base64url');
  readonly #session = randomBytes(24).toString('base64url');
  readonly #cookie: string;
  #isUsed = false;

  /** @param port of the console: consoles on other ports of the same host have other cookies */
  constructor(port: number) {
    this.#cookie = `openedx-events-${port}`;
  }

  /** Uses the token up. @returns the value of `set-cookie`; undefined when the token is wrong or was used before */
  redeem(given: string): string | undefined {
    if (this.#isUsed || !isSame(given, this.token)) return undefined;
    this.#isUsed = true;
    return `${this.#cookie}=${this.#session}; HttpOnly; SameSite=Strict; Path=/`;
  }

  /** Whether a request has the cookie. */
  knows(request: Request): boolean {
    const cookies = (request.headers.get('cookie') ?? '').split(/;\s*/);
    return cookies.some((cookie) => isSame(cookie, `${this.#cookie}=${this.#session}`));
  }
}

/** Compares in a time that does not depend on where they differ. */
function isSame(one: string, other: string): boolean {
  const [left, right] = [one, other].map((text) => createHash('sha256').update(text).digest());
  return timingSafeEqual(left as Buffer, right as Buffer);
}
