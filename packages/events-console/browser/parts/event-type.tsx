import { shortType } from '../format.js';

/** The type of an event without what all have in common; the whole one is shown on hover. */
export function EventType({ type }: { readonly type: string | null }) {
  const [name, version] = shortType(type);
  return (
    <span class="event-type" title={type ?? undefined}>
      {name}
      {version !== '' && <span class="version">{version}</span>}
    </span>
  );
}
