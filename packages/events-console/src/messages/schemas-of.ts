import { parse } from 'lossless-json';
import type { SchemasAnswer } from '../answers/event-answer.js';
import { jsonText } from './json-text.js';
import type { MessageTools } from './message-tools.js';
import type { ReadMessage } from './read-message.js';

/** What an event was written with, and what this process reads it with; null for what is not known. */
export async function schemasOf(
  { topics, codec }: MessageTools,
  { stored, signal }: ReadMessage,
): Promise<SchemasAnswer> {
  const writer = async () => (await topics.wireFormat.unframe(stored.message)).writer?.text ?? null;
  const reader = async () => (signal === undefined ? null : (await codec.bind(signal)).schema.text);
  const [written, read] = await Promise.all([orNull(writer), orNull(reader)]);
  return { writer: pretty(written), reader: pretty(read) };
}

/** A message without a frame, or a registry that cannot be asked, has no schema to show; the reason is shown beside the data. */
async function orNull(ask: () => Promise<string | null>): Promise<string | null> {
  try {
    return await ask();
  } catch {
    return null;
  }
}

function pretty(text: string | null): string | null {
  if (text === null) return null;
  try {
    return jsonText(parse(text));
  } catch {
    return text;
  }
}
