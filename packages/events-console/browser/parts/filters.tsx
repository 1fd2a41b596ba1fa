import { useState } from 'preact/hooks';
import { changeQuery, place } from '../router.js';

/** The names of the filters in the address of the page and of the interface. */
export const FILTER_NAMES = ['type', 'field', 'header', 'text', 'since', 'until', 'position'] as const;

/** What limits the events that are shown. It is applied with Enter, and kept in the address. */
export function Filters() {
  const { query } = place.value;
  const given = Object.fromEntries(FILTER_NAMES.map((name) => [name, query.get(name) ?? '']));
  const [values, setValues] = useState<Readonly<Record<string, string>>>(given);
  const apply = (event: Event) => {
    event.preventDefault();
    changeQuery(values);
  };
  const clear = () => {
    const none = Object.fromEntries(FILTER_NAMES.map((name) => [name, '']));
    setValues(none);
    changeQuery(none);
  };
  const isFiltering = FILTER_NAMES.some((name) => query.has(name));
  return (
    <form class="filters" onSubmit={apply} aria-label="Filters">
      {FILTER_NAMES.map((name) => (
        <label key={name}>
          <span>{LABELS[name][0]}</span>
          <input
            value={values[name] ?? ''}
            placeholder={LABELS[name][1]}
            onInput={({ currentTarget: { value } }) => setValues({ ...values, [name]: value })}
          />
        </label>
      ))}
      <div class="buttons">
        <button type="submit" class="strong">
          Filter
        </button>
        {isFiltering && (
          <button type="button" class="quiet" onClick={clear}>
            Clear
          </button>
        )}
      </div>
    </form>
  );
}

const LABELS = {
  type: ['Type', 'enrollment.created'],
  field: ['Field', 'grade.user_id=7'],
  header: ['Header', 'ce_source=lms'],
  text: ['Text', 'in the data or the id'],
  since: ['From', '2026-01-31T12:00Z'],
  until: ['Until', '2026-01-31T13:00Z'],
  position: ['Position', '0:17..0:40'],
} as const;
