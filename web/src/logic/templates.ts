import type { Template } from '../api/types';
import { fold } from './text';

/** The search behind "/" typed at the beginning of a line, up to the caret; null if there is none. */
export function slashSearch(text: string, caret: number): string | null {
  const line = text.slice(0, caret).split('\n').at(-1) ?? '';
  return line.startsWith('/') && line.length <= 40 ? line.slice(1) : null;
}

/** The text with the "/…" before the caret replaced by a template. */
export function insertTemplate(text: string, caret: number, template: string): { text: string; caret: number } {
  const search = slashSearch(text, caret);
  const begin = search === null ? caret : caret - search.length - 1;
  return { text: text.slice(0, begin) + template + text.slice(caret), caret: begin + template.length };
}

/** Templates that fit, best first: those of the transition, those of the category, those for all. */
export function fitting(all: readonly Template[], category: string, transition: string | null, search = ''): Template[] {
  const wanted = fold(search);
  const rank = (template: Template): number =>
    (transition !== null && template.transition === transition ? 0 : 2) + (template.categories.includes(category) ? 0 : 1);
  return all
    .filter((template) => template.categories.length === 0 || template.categories.includes(category))
    .filter((template) => transition === null || template.transition === null || template.transition === transition)
    .filter((template) => fold(`${template.title} ${template.text}`).includes(wanted))
    .sort((one, other) => rank(one) - rank(other) || one.title.localeCompare(other.title, 'vi'));
}

/** The template proposed when a transition is chosen. */
export const proposed = (all: readonly Template[], category: string, transition: string): Template | null =>
  fitting(all, category, transition).find((template) => template.transition === transition) ?? null;
