import { formsOfText } from '../runtime/forms-of-text.js';
import { patternOfTexts } from '../runtime/pattern-of-texts.js';
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
 * upper or lower case. Of an event with more than 1,000 of them, texts are masked as a whole.
 */
export class PersonalTexts {
  readonly #values: ReadonlySet<string>;
  readonly #forms: readonly Form[];
  /** Whether some event has more values than are looked for. */
  readonly #hidesAll: boolean;

  constructor(events: readonly EventOfText[]) {
    const found = events.map(({ shape, data }) => personalValues(shape, data));
    this.#values = new Set(found.flatMap(({ values }) => values));
    this.#hidesAll = found.some(({ isComplete }) => !isComplete);
    const forms = new Set(
      [...this.#values].filter(({ length }) => length >= MIN_LENGTH).flatMap(formsOfText),
    );
    this.#forms = Array.from(forms, (text) => ({ text, lower: text.toLowerCase() }));
  }

  /** Whether there is nothing to mask. */
  get isEmpty(): boolean {
    return this.#values.size === 0 && !this.#hidesAll;
  }

  mask(text: string): string {
    if (this.#hidesAll || this.#values.has(text)) return MASK;
    const lower = text.toLowerCase();
    // A pattern of all forms would be slow to look for.
    const found = this.#forms.filter((form) => lower.includes(form.lower)).map((form) => form.text);
    const pattern = patternOfTexts(found, MAX_WORD_LENGTH);
    return pattern === undefined ? text : text.replace(pattern, MASK);
  }
}

interface Form {
  readonly text: string;
  readonly lower: string;
}

const MIN_LENGTH = 3;
/** Up to this length a value is masked only as a word: `Ada`, and not the `ada` of `metadata`. */
const MAX_WORD_LENGTH = 5;
