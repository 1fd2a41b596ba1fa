import { ConsoleError } from '../errors/console-error.js';

/**
 * The JSON object in the body of a request, of at most 2 MiB.
 *
 * @throws ConsoleError when it is none, or too large
 */
export async function readBody(request: Request): Promise<Readonly<Record<string, unknown>>> {
  if (!/^application\/json\b/.test(request.headers.get('content-type') ?? ''))
    throw new ConsoleError(400, 'CONSOLE_BODY', 'expected a body with the content type application/json');
  const value = parsed(await textOf(request));
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Readonly<Record<string, unknown>>;
  throw new ConsoleError(400, 'CONSOLE_BODY', 'expected a JSON object');
}

async function textOf(request: Request): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of (request.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES)
      throw new ConsoleError(413, 'CONSOLE_BODY', `the body has more than ${MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const MAX_BYTES = 2 * 1_024 * 1_024;
