import { type OutputOf, optional, record, string } from '@openedx-ts/events-core';

/** The template that badges of one kind are made from. */
export const BadgeTemplateData = record(
  'BadgeTemplateData',
  {
    uuid: string({ doc: 'The id of the template, as text.' }),
    origin: string({ doc: 'Where the template comes from, e.g. `credly`.' }),
    name: optional(string(), { doc: 'The name of the badge.' }),
    description: optional(string(), { doc: 'What the badge is for.' }),
    image_url: optional(string(), { doc: 'Where the image of the badge is.' }),
  },
  { doc: 'The template that badges of one kind are made from.' },
);
export type BadgeTemplateData = OutputOf<typeof BadgeTemplateData>;
