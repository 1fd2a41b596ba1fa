/**
 * Aborts a controller when a source aborts, with the source's reason; at once if it has aborted already. Unlike
 * `AbortSignal.any` it leaves nothing behind at a source that outlives many controllers (nodejs/node#54614), provided
 * that the returned function is called when the controller is no longer needed.
 */
export function abortWith(source: AbortSignal, controller: AbortController): () => void {
  if (source.aborted) {
    controller.abort(source.reason);
    return nothing;
  }
  const followers = followersOf.get(source) ?? follow(source);
  followers.add(controller);
  return () => followers.delete(controller);
}

/** One listener a source, however many controllers follow it: removing a listener takes time linear in their number. */
const followersOf = new WeakMap<AbortSignal, Set<AbortController>>();

function follow(source: AbortSignal): Set<AbortController> {
  const followers = new Set<AbortController>();
  followersOf.set(source, followers);
  source.addEventListener('abort', () => abortAll(followers, source.reason), { once: true });
  return followers;
}

function abortAll(followers: Set<AbortController>, reason: unknown): void {
  const all = [...followers];
  followers.clear();
  for (const controller of all) controller.abort(reason);
}

function nothing(): void {}
