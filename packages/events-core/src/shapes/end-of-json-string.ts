/** Not looked up for each character: see `date-time-text.ts`. */
const { charCodeAt } = String.prototype;

/** The position of the quote that ends a string of a JSON text; the end of the text when there is none. */
export function endOfJsonString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let before = end - 1;
    while (charCodeAt.call(text, before) === BACKSLASH) before -= 1;
    if ((end - before) % 2 === 1) return end;
  }
  return text.length;
}

const BACKSLASH = 0x5c;
