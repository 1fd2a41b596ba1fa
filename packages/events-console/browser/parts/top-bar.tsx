import { useState } from 'preact/hooks';
import { go, Link, pathTo, place } from '../router.js';
import { isUnmasked, session } from '../session.js';
import { nextTheme, theme } from '../theme.js';

/** The bar above every view: where to go, an event to find, who looks. */
export function TopBar() {
  const { path } = place.value;
  return (
    <header class="top">
      <Link to="/" class="brand" aria-label="Open edX events, overview">
        <Mark />
        <span class="brand-name">Open edX events</span>
      </Link>
      <nav aria-label="Views">
        {VIEWS.map(([to, name]) => {
          const isHere = to === '/' ? path === '/' || path.startsWith('/topics') : path.startsWith(to);
          return (
            <Link key={to} to={to} {...(isHere ? { 'aria-current': 'page' } : {})}>
              {name}
            </Link>
          );
        })}
      </nav>
      <FindEvent />
      <Who />
    </header>
  );
}

const VIEWS = [
  ['/', 'Overview'],
  ['/groups', 'Groups'],
  ['/dead-letters', 'Dead letters'],
  ['/audit', 'Audit'],
] as const;

/** The box that finds an event by its id. */
function FindEvent() {
  const [id, setId] = useState('');
  const find = (event: Event) => {
    event.preventDefault();
    if (id.trim() !== '') go(pathTo('events', id.trim()));
  };
  return (
    <search class="find">
      <form onSubmit={find}>
        <input
          type="search"
          aria-label="Find an event by its id"
          placeholder="Find an event by its id"
          value={id}
          onInput={(event) => setId(event.currentTarget.value)}
        />
      </form>
    </search>
  );
}

function Who() {
  const { bus, who, mayAct = false, mayUnmask = false } = session.value ?? {};
  return (
    <div class="who">
      {bus !== undefined && <span class="tag">{bus}</span>}
      {session.value !== undefined && (
        <span
          class="tag soft"
          title={who === null ? 'The console was made without access rules' : `Signed in as ${who}`}
        >
          {mayAct ? (who ?? 'may act') : 'view only'}
        </span>
      )}
      {mayUnmask && (
        <button
          type="button"
          class="quiet"
          aria-pressed={isUnmasked.value}
          onClick={() => {
            isUnmasked.value = !isUnmasked.value;
          }}
        >
          {isUnmasked.value ? 'Hide personal data' : 'Show personal data'}
        </button>
      )}
      <button
        type="button"
        class="quiet"
        onClick={nextTheme}
        aria-label={`Theme: ${theme.value}`}
        title={`Theme: ${theme.value}`}
      >
        {theme.value === 'light' ? '☀' : theme.value === 'dark' ? '☾' : '◐'}
      </button>
    </div>
  );
}

function Mark() {
  return (
    <svg viewBox="0 0 32 32" class="mark" aria-hidden="true">
      <rect width="32" height="32" rx="8" />
      <path d="M8 10h11M8 16h16M8 22h7" />
      <circle cx="23.5" cy="10" r="2" />
      <circle cx="19.5" cy="22" r="2" />
    </svg>
  );
}
