import { noteOnce } from '../process/note.js';

/** Starts a server and reports on stderr, once for each process and source, where it came from and how long it took. */
export async function announced<Found extends { readonly what: string }, Server>(
  broker: string,
  find: () => Promise<Found>,
  start: (found: Found) => Promise<Server>,
): Promise<Server> {
  const startedAt = performance.now();
  const found = await find();
  const server = await start(found);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(2);
  noteOnce(`${broker} for tests: ${found.what}, ready in ${seconds} s`, `${broker}: ${found.what}`);
  return server;
}
