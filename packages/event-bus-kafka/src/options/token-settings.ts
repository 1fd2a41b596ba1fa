import { readFile } from 'node:fs/promises';
import { InvalidOptionsError } from '@openedx-ts/events-core';
import type { SettingReader } from '@openedx-ts/events-core/bus';
import { type ClientCredentialsOptions, clientCredentials } from '../security/client-credentials.js';

/** How the variables of tokens are named, and of the client that asks for tokens. */
export interface TokenVariables {
  /** Before `TOKEN`, `TOKEN_FILE`, `TOKEN_URL` and `TOKEN_SCOPE`. */
  readonly prefix: string;
  /** Before `API_KEY` and `API_SECRET`. */
  readonly login: string;
}

/**
 * Reads where tokens come from: a text, a file that is read whenever a token is needed, or an endpoint of the client
 * credentials grant, for which key and secret are those of the client. Undefined when none is named.
 *
 * @param allowInsecure whether the client's secret may be sent in clear text
 */
export function tokenSettings(
  settings: SettingReader,
  { prefix, login }: TokenVariables,
  allowInsecure: boolean | undefined,
): (() => string | Promise<string>) | undefined {
  const [text, file, url] = ['TOKEN', 'TOKEN_FILE', 'TOKEN_URL'].map((name) =>
    settings.text(`${prefix}${name}`),
  );
  const named = [text, file, url].filter((value) => value !== undefined);
  if (named.length > 1) settings.wrong(`${prefix}TOKEN`, 'is one of three: set it, …_FILE or …_URL');
  if (url !== undefined) return fromEndpoint(settings, { url, allowInsecure }, { prefix, login });
  if (named.length === 0) return undefined;
  if (settings.text(`${login}API_KEY`) !== undefined)
    settings.wrong(`${login}API_KEY`, 'is not used with a token: unset it and the secret');
  return text === undefined ? async () => (await readFile(String(file), 'utf8')).trim() : () => text;
}

function fromEndpoint(
  settings: SettingReader,
  endpoint: Pick<ClientCredentialsOptions, 'url' | 'allowInsecure'>,
  { prefix, login }: TokenVariables,
) {
  const clientId = settings.text(`${login}API_KEY`);
  const clientSecret = settings.text(`${login}API_SECRET`);
  for (const [name, value] of [
    ['API_KEY', clientId],
    ['API_SECRET', clientSecret],
  ] as const)
    if (value === undefined) settings.wrong(`${login}${name}`, `is missing beside ${prefix}TOKEN_URL`);
  if (clientId === undefined || clientSecret === undefined) return undefined;
  const scope = settings.text(`${prefix}TOKEN_SCOPE`);
  try {
    return clientCredentials({ ...endpoint, clientId, clientSecret, scope });
  } catch (error) {
    if (!(error instanceof InvalidOptionsError)) throw error;
    for (const { message } of error.issues) settings.wrong(`${prefix}TOKEN_URL`, message);
    return undefined;
  }
}
