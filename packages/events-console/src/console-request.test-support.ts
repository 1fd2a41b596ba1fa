import type { EventsConsole } from './create-console.js';

/** Asks a console as its own page does. */
export function consoleClient(console: EventsConsole) {
  const url = (path: string) => `http://console.test${path}`;
  const own = {
    'content-type': 'application/json',
    'x-openedx-events-console': '1',
    'sec-fetch-site': 'same-origin',
  };
  return {
    get: (path: string, headers: Record<string, string> = {}) =>
      console.fetch(new Request(url(path), { headers })),
    post: (path: string, body: unknown, headers: Record<string, string> = {}) =>
      console.fetch(
        new Request(url(path), {
          method: 'POST',
          headers: { ...own, ...headers },
          body: JSON.stringify(body),
        }),
      ),
    json: async <T = Record<string, unknown>>(path: string): Promise<T> =>
      (await (await console.fetch(new Request(url(path)))).json()) as T,
  };
}
