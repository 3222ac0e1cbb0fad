import { useRef } from 'react';
import { useNavigate } from 'react-router-dom';
import { fetchList, useList } from '../api/queries';
import { readFilters, writeFilters } from '../logic/filters';
import { neighbour } from '../logic/neighbours';
import { lastListKey } from '../logic/places';

/** `[` and `]`: the cases before and after this one in the list it was opened from, over page ends too. */
export function useNeighbours(code: string) {
  const navigate = useNavigate();
  const address = sessionStorage.getItem(lastListKey) ?? '';
  const filters = readFilters(new URLSearchParams(address));
  const list = useList(filters);
  const found = list.data?.items.findIndex((item) => item.code === code) ?? -1;
  const last = useRef(-1); // a case may leave the list by what is done to it
  if (found >= 0) last.current = found;
  const target = (step: 1 | -1) => {
    if (!list.data || last.current < 0) return null;
    const from = found >= 0 ? found : step === 1 ? last.current - 1 : last.current;
    return neighbour(from, list.data.page, list.data.page_size, list.data.total, step);
  };
  const go = async (step: 1 | -1) => {
    const to = target(step);
    if (!to) return;
    const page = to.page === filters.page ? list.data : await fetchList({ ...filters, page: to.page });
    const next = page?.items[to.index];
    if (!next) return;
    sessionStorage.setItem(lastListKey, writeFilters({ ...filters, page: to.page }).toString());
    navigate(`/complaints/${next.code}`);
  };
  return {
    go,
    back: () => navigate(`/complaints${address === '' ? '' : `?${address}`}`),
    hasBefore: target(-1) !== null,
    hasAfter: target(1) !== null,
  };
}
