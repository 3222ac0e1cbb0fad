import type { ReportCell, ReportTable } from '../api/types';
import { Figure } from './figure';

const isNumber = ({ type }: ReportCell): boolean => type === 'number' || type === 'share' || type === 'seconds' || type === 'masked' || type === 'none';

/** What the row is about, in words, to name its figures: the last plain text before the figures. */
function rowTitle(table: ReportTable, cells: Record<string, ReportCell>): string {
  const texts = table.columns.flatMap(({ id }) => (cells[id]?.type === 'text' && id !== 'no' && id !== 'unit' && id !== 'note' && id !== 'source' ? [cells[id].words] : []));
  return texts.find((each) => each !== '') ?? table.title;
}

/** A column is one of numbers if it holds any; ordinals stand apart. */
function placeOf(table: ReportTable, column: string): 'ordinal' | 'number' | 'words' {
  if (column === 'no') return 'ordinal';
  return table.rows.some(({ cells }) => cells[column] !== undefined && isNumber(cells[column])) ? 'number' : 'words';
}

/** The table as the files print it; every number that counts something opens its rows. */
export function ReportTableView({ table }: { table: ReportTable }) {
  const places = new Map(table.columns.map(({ id }) => [id, placeOf(table, id)]));
  const shown = new Map<string, string>(); // long words of the row above are not said again
  return (
    <section className="stack tight" aria-label={table.title} id={`bang-${table.id}`} data-table={table.id}>
      <h3>{table.title}</h3>
      <div className="frame">
        <table className="table report">
          <thead>
            <tr>
              {table.columns.map(({ id, title }) => (
                <th scope="col" key={id} className={places.get(id)}>
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {table.rows.length === 0 && (
              <tr>
                <td colSpan={table.columns.length} className="quiet">
                  Không có số liệu trong kỳ.
                </td>
              </tr>
            )}
            {table.rows.map(({ kind, cells }, index) => (
              <tr key={index} className={kind === 'ordinary' ? undefined : 'strong'}>
                {table.columns.map(({ id, title }) => {
                  const cell = cells[id] ?? { type: 'blank', words: '' };
                  const repeated = table.id === 'plan_results' && ['no', 'activity', 'agency', 'product'].includes(id) && shown.get(id) === cell.words;
                  if (!repeated) {
                    shown.set(id, cell.words);
                    if (id === 'activity') shown.delete('product');
                  }
                  return (
                    <td key={id} className={places.get(id)} {...(places.get(id) === 'number' && { 'data-title': title })}>
                      {repeated ? <span className="hidden-text">{cell.words}</span> : <Figure cell={cell} title={id === 'value' || id === 'result' || id === 'count' ? rowTitle(table, cells) : `${rowTitle(table, cells)}, ${title}`} />}
                      {cell.link !== undefined && (
                        <>
                          {' '}
                          <a href={cell.link} target="_blank" rel="noreferrer">
                            minh chứng
                          </a>
                        </>
                      )}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {table.notes.map((note) => (
        <p className="quiet" key={note}>
          {note}
        </p>
      ))}
    </section>
  );
}
