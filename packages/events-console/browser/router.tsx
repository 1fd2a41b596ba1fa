import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';

/** The path under which the console is mounted: empty, or `/console`. */
export const basePath = document.querySelector<HTMLMetaElement>('meta[name="base-path"]')?.content ?? '';

/** Where the page is: the path without the base, and the query. Every view keeps its state here. */
export const place = signal(placeNow());

window.addEventListener('popstate', () => {
  place.value = placeNow();
});

/** Goes to a path of the console. */
export function go(path: string, { replace = false }: { readonly replace?: boolean } = {}): void {
  if (replace) history.replaceState(null, '', basePath + path);
  else history.pushState(null, '', basePath + path);
  place.value = placeNow();
  if (!replace) window.scrollTo(0, 0);
}

/** Changes parts of the query; an empty text removes its part. */
export function changeQuery(changes: Readonly<Record<string, string>>): void {
  const { path, query } = place.value;
  const changed = new URLSearchParams(query);
  for (const [name, value] of Object.entries(changes))
    if (value === '') changed.delete(name);
    else changed.set(name, value);
  const text = changed.toString();
  go(text === '' ? path : `${path}?${text}`, { replace: true });
}

/** A path with its parts encoded: `pathTo('topics', 'orders', '0:17')`. */
export function pathTo(...parts: readonly string[]): string {
  return `/${parts.map(encodeURIComponent).join('/')}`;
}

interface LinkProps {
  readonly to: string;
  readonly children: ComponentChildren;
  readonly class?: string;
  readonly 'aria-label'?: string;
  readonly 'aria-current'?: 'page';
}

/** A link within the console. */
export function Link({ to, ...rest }: LinkProps) {
  const onClick = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    go(to);
  };
  return <a {...rest} href={basePath + to} onClick={onClick} />;
}

function placeNow() {
  const path = location.pathname.slice(basePath.length).replace(/\/+$/, '') || '/';
  const parts = path.split('/').slice(1).map(decoded);
  return { path, parts, query: new URLSearchParams(location.search) };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
