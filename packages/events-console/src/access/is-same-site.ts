/**
 * The header that the console's own page sends with what changes something. Another site cannot add it without being allowed
 * to.
 */
const CONSOLE_HEADER = 'x-openedx-events-console';

/**
 * Whether a request that changes something comes from the console's own page, or from no browser: it has the header of the
 * console, and neither `Sec-Fetch-Site` nor `Origin` names another site.
 */
export function isSameSite({ headers, url }: Request): boolean {
  if (headers.get(CONSOLE_HEADER) !== '1') return false;
  const site = headers.get('sec-fetch-site');
  if (site !== null) return site === 'same-origin';
  const origin = headers.get('origin');
  return origin === null || hostOf(origin) === (headers.get('host') ?? new URL(url).host);
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
