import { InvalidArgumentError } from 'commander';

/** Reads a TCP port from the command line. */
export function portNumber(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port >= 1 && port <= 65_535) return port;
  throw new InvalidArgumentError('Expected a port, 1 to 65535.');
}
