// Where `[` and `]` lead. A page and the place on it; null at either end.
export interface Neighbour {
  page: number;
  index: number; // on that page
}

export function neighbour(index: number, page: number, pageSize: number, total: number, step: 1 | -1): Neighbour | null {
  const place = (page - 1) * pageSize + index + step;
  return place < 0 || place >= total ? null : { page: Math.floor(place / pageSize) + 1, index: place % pageSize };
}
