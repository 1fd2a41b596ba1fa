/**
 * The anchor of a heading, as GitHub makes it. The documentation site makes the same.
 *
 * @param {string} heading its Markdown
 * @returns {string}
 */
export function slugOfHeading(heading) {
  return heading
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[`*]/g, '')
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');
}
