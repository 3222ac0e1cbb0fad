import type { ComboboxItem, ComboboxParsedItem, OptionsFilter } from '@mantine/core';
import { fold } from '../logic/text';

/** Options are found with or without marks. */
export const findMarkless: OptionsFilter = ({ options, search, limit }) => {
  const wanted = fold(search.trim());
  const fits = (item: ComboboxParsedItem): item is ComboboxItem => 'label' in item && fold(item.label).includes(wanted);
  return options.filter(fits).slice(0, limit);
};
