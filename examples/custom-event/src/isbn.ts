import { type CustomShape, custom, type ShapeAnnotations } from '@openedx-ts/events-core';

/** The number of a book: 13 digits, of which the last checks the others. */
export interface Isbn {
  readonly digits: string;
}

// #region custom
/** A field that contains an ISBN. Send it as text, with hyphens or without; receivers get an `Isbn`; on the wire it is 13 digits. */
export const isbn = (annotations?: ShapeAnnotations): CustomShape<Isbn | string, Isbn> =>
  custom<Isbn | string, Isbn, 'string'>(
    {
      name: 'Isbn',
      wire: 'string',
      normalize: (value) => parseIsbn(typeof value === 'string' ? value : value.digits),
      toWire: ({ digits }) => digits,
      fromWire: parseIsbn,
      sample: (random) => withCheckDigit(`978${String(Math.floor(random() * 1e9)).padStart(9, '0')}`),
    },
    annotations,
  );
// #endregion custom

function parseIsbn(text: string): Isbn {
  const digits = text.replaceAll(/[ -]/g, '');
  if (!/^97[89]\d{10}$/.test(digits)) throw new Error('expected 13 digits that start with 978 or 979');
  if (withCheckDigit(digits.slice(0, 12)) !== digits) throw new Error('the check digit is wrong');
  return Object.freeze({ digits });
}

function withCheckDigit(twelve: string): string {
  const sum = Array.from(twelve, Number).reduce(
    (total, digit, index) => total + digit * (index % 2 ? 3 : 1),
    0,
  );
  return `${twelve}${(10 - (sum % 10)) % 10}`;
}
