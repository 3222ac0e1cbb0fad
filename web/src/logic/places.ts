/** Session storage: the query of the list last shown, where `u`, `[` and `]` lead. */
export const lastListKey = 'motcua.list';
