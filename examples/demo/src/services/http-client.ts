/** A service answered otherwise than it should. */
export class UnexpectedAnswer extends Error {
  override readonly name = 'UnexpectedAnswer';
}

/** Makes a request and reads the JSON of the answer, which must have the given status. */
export async function request<Answer>(
  method: 'DELETE' | 'GET' | 'POST',
  url: string,
  expected: number,
  body?: object,
): Promise<Answer> {
  const response = await fetch(url, {
    method,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  const text = await response.text();
  if (response.status !== expected)
    throw new UnexpectedAnswer(`${method} ${url} answered ${response.status}: ${text}`);
  return JSON.parse(text) as Answer;
}
