import { formsOfText } from '../runtime/forms-of-text.js';
import type { RecordShape } from '../shapes/shape.js';
import { MASK } from './mask.js';
import { personalValues } from './personal-values.js';

/** An event, for masking what is written about it. */
export interface EventOfText {
  readonly shape: RecordShape;
  readonly data: unknown;
}

/**
 * The personal values of events, as they may be written in a text: as they are, in JSON, in a URL, in HTML, in base64, in
 * upper or lower case. Of an event with more than 1,000 of them, and of events with more than 10,000, texts are masked as
 * a whole, and so is a text for which the search would take longer than about 100 ms.
 */
export class PersonalTexts {
  readonly #values: ReadonlySet<string>;
  /** In lower case. */
  readonly #forms: readonly string[];
  /** Whether some event has more values than are looked for. */
  readonly #hidesAll: boolean;

  constructor(events: readonly EventOfText[]) {
    const found = events.map(({ shape, data }) => personalValues(shape, data));
    this.#values = new Set(found.flatMap(({ values }) => values));
    this.#hidesAll = this.#values.size > MAX_VALUES || found.some(({ isComplete }) => !isComplete);
    const sought = this.#hidesAll ? [] : [...this.#values].filter(({ length }) => length >= MIN_LENGTH);
    this.#forms = [...new Set(sought.flatMap(formsOfText).map(lowerCase))];
  }

  /** Whether there is nothing to mask. */
  get isEmpty(): boolean {
    return this.#values.size === 0 && !this.#hidesAll;
  }

  /** How many steps the search in a text of this length takes; see `MAX_SEARCH_STEPS`. */
  stepsFor(length: number): number {
    return length * this.#forms.length;
  }

  mask(text: string): string {
    if (this.#hidesAll || this.#values.has(text)) return MASK;
    const places = this.stepsFor(text.length) > MAX_SEARCH_STEPS ? undefined : placesOf(this.#forms, text);
    return places === undefined ? MASK : withoutPlaces(text, places);
  }
}

type Place = readonly [start: number, end: number];

/** Where a text has one of the forms; undefined where they are too many. */
function placesOf(forms: readonly string[], text: string): readonly Place[] | undefined {
  const lower = lowerCase(text);
  const places: Place[] = [];
  let candidates = 0;
  for (const form of forms) {
    for (let start = lower.indexOf(form); start >= 0; ) {
      candidates += 1;
      if (candidates > MAX_CANDIDATES) return undefined;
      const end = start + form.length;
      const isFound = form.length > MAX_WORD_LENGTH || standsAlone(text, start, end);
      if (isFound) places.push([start, end]);
      start = lower.indexOf(form, isFound ? end : start + 1);
    }
  }
  return places.sort(([one], [other]) => one - other);
}

/** Whether neither a letter nor a digit is next to a place. */
function standsAlone(text: string, start: number, end: number): boolean {
  return (
    !LETTER_BEFORE.test(text.slice(Math.max(0, start - 2), start)) &&
    !LETTER_BEHIND.test(text.slice(end, end + 2))
  );
}

/** The text with one mask for each place, or for several that overlap. */
function withoutPlaces(text: string, places: readonly Place[]): string {
  let masked = '';
  let from = 0;
  for (const [start, end] of places) {
    if (start >= from) masked += text.slice(from, start) + MASK;
    from = Math.max(from, end);
  }
  return masked + text.slice(from);
}

/** In lower case, each character at its place: that of `İ` is longer by itself. */
function lowerCase(text: string): string {
  const lower = text.toLowerCase();
  if (lower.length === text.length) return lower;
  const lowerOf = (character: string) => {
    const one = character.toLowerCase();
    return one.length === character.length ? one : character;
  };
  return Array.from(text, lowerOf).join('');
}

/** Characters of the text times forms that are looked for; about a nanosecond each. A pattern of them takes far longer. */
export const MAX_SEARCH_STEPS = 100_000_000;
const MAX_CANDIDATES = 50_000;
const MAX_VALUES = 10_000;
const MIN_LENGTH = 3;
/** Up to this length a value is masked only as a word: `Ada`, and not the `ada` of `metadata`. */
const MAX_WORD_LENGTH = 5;
const LETTER_BEFORE = /[\p{L}\p{N}]$/u;
const LETTER_BEHIND = /^[\p{L}\p{N}]/u;
