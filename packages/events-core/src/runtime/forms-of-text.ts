/** How a text may be written in the messages of a server, a database or a library: in JSON, a URL, a form, HTML, base64. */
export function formsOfText(text: string): readonly string[] {
  const bytes = Buffer.from(text, 'utf8');
  const wellFormed = bytes.toString('utf8');
  const base64 = bytes.toString('base64').replace(/=+$/, '');
  const encoded = encodeURIComponent(wellFormed);
  return [
    text,
    JSON.stringify(text).slice(1, -1),
    encoded,
    encoded.replaceAll('%20', '+'),
    encodeURI(wellFormed),
    ...(base64.length < MIN_BASE64 ? [] : [base64, bytes.toString('base64url'), encodeURIComponent(base64)]),
    text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;'),
  ];
}

const MIN_BASE64 = 6;
