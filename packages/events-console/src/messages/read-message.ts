import { recordToJson } from '@openedx-ts/events-avro';
import type { OpenEdxPublicSignal } from '@openedx-ts/events-core';
import { type MetadataJson, metadataToJson, reasonOf } from '@openedx-ts/events-core/bus';
import {
  decodeDeadLetter,
  maskPersonalData,
  maskPersonalText,
  type StoredMessage,
} from '@openedx-ts/events-core/operate';
import { headerText } from './header-lines.js';
import type { MessageTools } from './message-tools.js';
import { shownText } from './shown-text.js';

/** A stored message as it may be shown. */
export interface ReadMessage {
  readonly stored: StoredMessage;
  readonly eventType: string | null;
  readonly id: string | null;
  /** The data as `openedx-events consume` writes it, personal data masked unless `unmask`; undefined when it cannot be decoded. */
  readonly data: object | undefined;
  readonly metadata: MetadataJson | undefined;
  readonly signal: OpenEdxPublicSignal | undefined;
  /** Why it cannot be decoded; null when it can. */
  readonly problem: string | null;
  /** Masks the personal values of this event in a text about it; without a change where it cannot be decoded, or with `unmask`. */
  readonly masked: (text: string) => string;
}

/** Decodes a stored message and masks its personal data, before anything else sees it. */
export async function readMessage(
  tools: MessageTools,
  stored: StoredMessage,
  unmask: boolean,
): Promise<ReadMessage> {
  const { topics, codec, loadSignal } = tools;
  const { message } = stored;
  const names = topics.wireFormat.headerNaming === 'kafka' ? KAFKA : REDIS;
  const eventType = headerText(message.headers, names.type);
  const named = {
    stored,
    eventType: shownText(eventType),
    id: shownText(headerText(message.headers, names.id)),
  };
  try {
    if (eventType !== null) await loadSignal?.(eventType);
    const { signal, data, metadata } = await decodeDeadLetter(topics, { message, facts: null }, codec);
    const json = recordToJson(signal, data);
    const shown = unmask ? json : maskPersonalData(signal.shape, json);
    const masked = (text: string) => (unmask ? text : maskPersonalText(signal.shape, data, text));
    return { ...named, data: shown, metadata: metadataToJson(metadata), signal, problem: null, masked };
  } catch (error) {
    const problem = shownText(reasonOf(error)) ?? '';
    return {
      ...named,
      data: undefined,
      metadata: undefined,
      signal: undefined,
      problem,
      masked: (text) => text,
    };
  }
}

const KAFKA = { type: 'ce_type', id: 'ce_id' };
const REDIS = { type: 'type', id: 'id' };
