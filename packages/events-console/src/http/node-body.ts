import type { IncomingMessage } from 'node:http';

/**
 * A request of `node:http` as it came: with the whole path, which Express cuts where something is mounted, and with its body,
 * which a parser in front may have read (`express.json()`).
 */
export function nodeBody(request: IncomingMessage): IncomingMessage {
  const framed = request as IncomingMessage & { originalUrl?: string; body?: unknown; rawBody?: unknown };
  const { originalUrl, body } = framed;
  if (originalUrl !== undefined) framed.url = originalUrl;
  const isRead = request.readableEnded || request.complete;
  if (isRead && body !== undefined && !(framed.rawBody instanceof Buffer))
    framed.rawBody = Buffer.isBuffer(body)
      ? body
      : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  return framed;
}
