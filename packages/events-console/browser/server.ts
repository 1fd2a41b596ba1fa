import type { ErrorAnswer } from '../src/answers/action-answers.js';
import { basePath } from './router.js';

/** A request that the server refused, or that did not reach it. */
class RequestFailed extends Error {
  readonly code: string;

  constructor({ code, message }: ErrorAnswer) {
    super(message);
    this.code = code;
  }
}

/** The address of a route of the interface. */
export function addressOf(path: string, query?: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(query ?? {}).filter((entry): entry is [string, string] => !!entry[1]);
  const text = new URLSearchParams(given).toString();
  return `${basePath}/api${path}${text === '' ? '' : `?${text}`}`;
}

/** @throws RequestFailed */
export async function read<T>(address: string, abortSignal?: AbortSignal): Promise<T> {
  return answerOf(await reach(address, abortSignal === undefined ? {} : { signal: abortSignal }));
}

/** Asks the server to change something. @throws RequestFailed */
export async function change<T>(address: string, body: object): Promise<T> {
  const headers = { 'content-type': 'application/json', 'x-openedx-events-console': '1' };
  return answerOf(await reach(address, { method: 'POST', headers, body: JSON.stringify(body) }));
}

async function reach(address: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(address, init);
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new RequestFailed({ code: 'UNREACHABLE', message: 'the console cannot be reached' });
  }
}

async function answerOf<T>(response: Response): Promise<T> {
  const body: unknown = await response.json().catch(() => undefined);
  if (response.ok) return body as T;
  const given = body as Partial<ErrorAnswer> | undefined;
  throw new RequestFailed({
    code: given?.code ?? `HTTP_${response.status}`,
    message: given?.message ?? `the server answered with status ${response.status}`,
  });
}
