import { isLoopback } from '@openedx-ts/events-core/bus';
import type { CliIo } from '../terminal/cli-io.js';
import { CommandError } from '../terminal/command-error.js';
import type { PublishedEvent } from './event-breaks.js';
import type { PublishedSchemas } from './published-schemas.js';

/**
 * Opens the schemas of a registry with the API of Confluent: of each event the newest version in every topic. Logs in
 * with the key and secret of the environment.
 *
 * @throws CommandError when the registry does not answer, or refuses
 */
export async function publishedInRegistry(url: string, io: CliIo): Promise<PublishedSchemas> {
  const ask = asker(url, io);
  const subjects = await ask('/subjects');
  if (!Array.isArray(subjects)) throw refused(url, 'the answer is no list of subjects');
  return {
    label: url,
    isWorkingCopy: false,
    definitions: undefined,
    files: [], // subjects of others are theirs
    textOf: async () => undefined,
    eventsOf: async (eventType) => {
      // As the Python services name them: topic, hyphen, full name of the record.
      const ending = `-${eventType}.CloudEvent`;
      const own = (subjects as unknown[]).filter((name) => typeof name === 'string' && name.endsWith(ending));
      return Promise.all((own as string[]).map((subject) => newestVersion(subject, ask, url)));
    },
  };
}

async function newestVersion(subject: string, ask: Ask, url: string): Promise<PublishedEvent> {
  const version = await ask(`/subjects/${encodeURIComponent(subject)}/versions/latest`);
  const { schema } = (version ?? {}) as { readonly schema?: unknown };
  if (typeof schema !== 'string') throw refused(url, `subject ${subject} has no schema text`);
  return { label: `subject ${subject}`, text: schema, definition: undefined };
}

type Ask = (path: string) => Promise<unknown>;

function asker(url: string, { env = {}, abortSignal }: CliIo): Ask {
  const base = new URL(url);
  const { EVENT_BUS_KAFKA_SCHEMA_REGISTRY_API_KEY: key, EVENT_BUS_KAFKA_SCHEMA_REGISTRY_API_SECRET: secret } =
    env;
  const login = base.username !== '' ? [base.username, base.password].map(decodeURIComponent) : [key, secret];
  base.username = '';
  base.password = '';
  const hasLogin = login[0] !== undefined && login[0] !== '';
  if (hasLogin && base.protocol === 'http:' && !isLoopback(base.hostname))
    throw new CommandError(
      'CLI_USAGE',
      '--against: a key and secret are sent over https: only; use an https: URL',
    );
  const authorization = `Basic ${Buffer.from(login.map((part) => part ?? '').join(':')).toString('base64')}`;
  const root = base.href.replace(/\/+$/, '');
  return async (path) => {
    const answer = await fetch(`${root}${path}`, {
      headers: { accept: 'application/vnd.schemaregistry.v1+json', ...(hasLogin ? { authorization } : {}) },
      redirect: 'error',
      signal: AbortSignal.any([abortSignal, AbortSignal.timeout(TIMEOUT_MS)]),
    }).catch((cause: unknown) => {
      abortSignal.throwIfAborted();
      throw new CommandError('CLI_UNREACHABLE', `the schema registry ${root} does not answer`, { cause });
    });
    if (!answer.ok) throw refused(root, `it answers ${path} with ${answer.status}`);
    return jsonIn(await textWithin(answer, root));
  };
}

/** How long an answer may take, in milliseconds. */
const TIMEOUT_MS = 10_000;

/** The subjects of a large deployment take a megabyte. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

/** @throws CommandError when the answer has more bytes than one may have, or breaks off */
async function textWithin(answer: Response, root: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of answer.body ?? []) {
      bytes += chunk.byteLength;
      if (bytes > MAX_ANSWER_BYTES) break; // which ends the connection
      chunks.push(chunk);
    }
  } catch (cause) {
    throw new CommandError('CLI_UNREACHABLE', `the schema registry ${root} breaks off its answer`, { cause });
  }
  if (bytes > MAX_ANSWER_BYTES) throw refused(root, `its answer has more than ${MAX_ANSWER_BYTES} bytes`);
  return Buffer.concat(chunks).toString();
}

/** Undefined for a text that is no JSON. */
function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refused(url: string, reason: string): CommandError {
  const place = url.replace(/\/\/[^/@]*@/, '//');
  return new CommandError('CLI_FILE', `the schema registry ${place}: ${reason}`);
}
