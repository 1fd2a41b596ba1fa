import type { IncomingMessage } from 'node:http';

/** What one request may do. */
export interface ConsoleAccess {
  /** Who asks: stands in the audit trail. */
  readonly who: string;
  /** Whether it may send, redrive, purge and replay. @defaultValue false */
  readonly act?: boolean;
  /** Whether it may see personal data. @defaultValue false */
  readonly unmask?: boolean;
}

/**
 * Decides what a request may do: from its session, its headers, or what a proxy in front added. Null refuses it.
 *
 * @param incoming Node's request, with what the framework put on it; undefined where `fetch` was called
 */
export type AccessRule = (
  request: Request,
  incoming?: IncomingMessage,
) => ConsoleAccess | null | Promise<ConsoleAccess | null>;
