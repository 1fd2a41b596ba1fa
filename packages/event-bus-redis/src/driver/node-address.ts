import type { NodeAddress } from './cluster-slots.js';

/** Parses `host:port`, also `[::1]:7000`; undefined for another text. */
export function nodeAddress(text: string): NodeAddress | undefined {
  const [, host = '', port] = /^(\[[^\]]+\]|[^:[\]/@\s]+):(\d{1,5})$/.exec(text) ?? [];
  const number = Number(port);
  if (host === '' || !(number >= 1 && number <= 65_535)) return undefined;
  return { host: host.replace(/^\[|\]$/g, ''), port: number };
}
