import type { RecordShape } from '../shapes/shape.js';
import { PersonalTexts } from './personal-texts.js';

/**
 * A text about an event, such as its key, a header or the message of an error, in which the values that its shape
 * declares as personal data (`pii`) are `***`. A text that is nothing but such a value is masked however short it is;
 * within a text, values of fewer than 3 characters stay, since they would be found everywhere.
 *
 * @param data the decoded data of the event, as receivers get it
 */
export function maskPersonalText(shape: RecordShape, data: object, text: string): string {
  return new PersonalTexts([{ shape, data }]).mask(text);
}
