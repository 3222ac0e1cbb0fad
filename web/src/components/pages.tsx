import { Button } from '@mantine/core';

/** Which page of a list, and its neighbours. */
export function Pages({ page, size, total, onPage }: { page: number; size: number; total: number; onPage: (page: number) => void }) {
  if (total === 0) return null;
  const first = (page - 1) * size + 1;
  const last = Math.min(page * size, total);
  return (
    <div className="row spread">
      <span className="quiet">
        {first.toLocaleString('vi-VN')}–{last.toLocaleString('vi-VN')} trong {total.toLocaleString('vi-VN')}
      </span>
      <div className="row">
        <Button size="xs" variant="default" disabled={page <= 1} onClick={() => onPage(page - 1)}>
          Trang trước
        </Button>
        <Button size="xs" variant="default" disabled={last >= total} onClick={() => onPage(page + 1)}>
          Trang sau
        </Button>
      </div>
    </div>
  );
}
