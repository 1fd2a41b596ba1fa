/**
 * Asks a registry for its subjects; user and password come from the URL.
 * @returns the headers of its answer; undefined when nothing of the kind comes within the time
 */
export async function askSchemaRegistry(url: string, timeoutMs: number): Promise<Headers | undefined> {
  const address = new URL(`${url}/subjects`);
  const login = [address.username, address.password].map(decodeURIComponent).join(':');
  address.username = '';
  address.password = '';
  try {
    const answer = await fetch(address, {
      headers: login === ':' ? {} : { authorization: `Basic ${Buffer.from(login).toString('base64')}` },
      signal: AbortSignal.timeout(timeoutMs),
    });
    return answer.ok && Array.isArray(await answer.json()) ? answer.headers : undefined;
  } catch {
    return undefined;
  }
}
