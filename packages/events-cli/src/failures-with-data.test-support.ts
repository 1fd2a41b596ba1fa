import { recordToJson } from '@openedx-ts/events-avro';
import { InfrastructureError, type SignalEvent } from '@openedx-ts/events-core';

/** What a database or an HTTP client might throw: all data of the event, in every place and form. */
export function failureFor({ signal, data }: SignalEvent): Error {
  const texts = textsIn(data);
  const json = JSON.stringify(recordToJson(signal, data), (_, value) =>
    typeof value === 'bigint' ? Number(value) : value,
  );
  const cause = Object.assign(new Error(`Key (username)=(${texts.join()}) exists`), {
    detail: json,
    config: { url: `https://lms.example.org/?q=${texts.map(encodeURIComponent).join('&q=')}`, data: json },
    response: { data, sent: new Map([['data', data]]) },
    buffer: Buffer.from(json),
  });
  return new TypeError(`cannot store ${json} (${texts.join(' and ').toUpperCase()})`, { cause });
}

/** The same as if something were unreachable. */
export function unreachableFor(event: SignalEvent): Error {
  const { message, cause } = failureFor(event);
  return new InfrastructureError(message, { cause });
}

/** Every text and long number in data. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'number') return value > 1e9 ? [String(value)] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}

/** Data with every marked text replaced. */
export function spoiled(value: unknown, replaced: (text: string) => unknown): unknown {
  if (typeof value === 'string') return value.startsWith('marker-') ? replaced(value) : value;
  if (typeof value === 'number') return value > 1e9 ? `marker-${value}` : value;
  if (Array.isArray(value)) return value.map((item) => spoiled(item, replaced));
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, spoiled(item, replaced)]));
}
