import { signal } from '@preact/signals';

/** `auto` follows the system. */
export type Theme = 'auto' | 'light' | 'dark';

/** Kept in the browser. */
export const theme = signal<Theme>(stored());
apply(theme.value);

/** Goes on to the next theme: light, dark, that of the system. */
export function nextTheme(): void {
  theme.value = theme.value === 'auto' ? 'light' : theme.value === 'light' ? 'dark' : 'auto';
  apply(theme.value);
  try {
    localStorage.setItem(KEY, theme.value);
  } catch {
    // the browser keeps nothing: the theme holds until the page is left
  }
}

const KEY = 'openedx-events-theme';

function stored(): Theme {
  try {
    const value = localStorage.getItem(KEY);
    return value === 'light' || value === 'dark' ? value : 'auto';
  } catch {
    return 'auto';
  }
}

function apply(chosen: Theme): void {
  document.documentElement.dataset.theme = chosen;
}
