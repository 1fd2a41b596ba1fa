import { median, type Rates, ratio } from './measure.js';

/** What is measured together, in one run, and shown as one table. */
export interface Part {
  /** Measures, and returns the table as Markdown. */
  readonly run: () => Promise<string>;
}

/** A line of a table: what was measured, and the names of the subjects it is compared with. */
export interface Row {
  readonly what: string;
  readonly subject: string;
  readonly against?: string;
  readonly python?: string;
}

/** The table of some rates. A subject that was not measured, such as Python where there is none, is a dash. */
export function rateTable(rates: Rates, rows: readonly Row[]): string {
  const times = (name: string, base: string | undefined): string | undefined => {
    if (base === undefined || !rates.has(base)) return undefined;
    const value = ratio(rates, name, base);
    return value.toFixed(value < 2 ? 2 : value < 10 ? 1 : 0);
  };
  const lines = rows.map(({ what, subject, against, python }) => {
    const raw = times(subject, against);
    const peer = times(subject, python);
    const cells = [
      what,
      Math.round(median(rates.get(subject) ?? [])).toLocaleString('en-US'),
      raw === undefined ? '–' : `${raw} × ${against}`,
      peer === undefined ? '–' : `${peer} ×`,
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return ['| what | per second | against | against Python |', '|---|---|---|---|', ...lines].join('\n');
}
