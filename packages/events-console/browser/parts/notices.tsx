import type { ComponentChildren } from 'preact';

/** Why something cannot be shown, and what to do. */
export function Failure({ error, again }: { readonly error: Error; readonly again?: () => void }) {
  return (
    <div class="notice bad" role="alert">
      <p>{error.message}</p>
      {again !== undefined && (
        <button type="button" onClick={again}>
          Try again
        </button>
      )}
    </div>
  );
}

/** Where there is nothing to show: what would be here, and how it comes. */
export function Empty({
  title,
  children,
}: {
  readonly title: string;
  readonly children?: ComponentChildren;
}) {
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      {children}
    </div>
  );
}

/** While the first answer is awaited. */
export function Loading() {
  return (
    <p class="loading" role="status">
      Loading…
    </p>
  );
}
