/** Streams a list as a file, with a few hundred rows in memory. */
import { csvLine } from '../../base/csv';
import { AdminExport } from './change-context';

const EXPORTED_AT_ONCE = 500;

export interface ExportedList<T> {
  format: 'csv' | 'json';
  /** Name of the file without its ending. */
  name: string;
  /** The columns of a CSV, in order. */
  columns: readonly (keyof T & string)[];
  pages: AsyncIterable<readonly T[]>;
}

/** Reads pages until one is not full. `read` gets the last row of the previous page. */
export async function* allPages<R>(
  read: (after: R | undefined, limit: number) => Promise<readonly R[]>,
): AsyncGenerator<readonly R[]> {
  for (let after: R | undefined; ; ) {
    const rows = await read(after, EXPORTED_AT_ONCE);
    yield rows;
    after = rows.at(-1);
    if (rows.length < EXPORTED_AT_ONCE) return;
  }
}

async function* lines<T extends object>({ format, columns, pages }: ExportedList<T>): AsyncGenerator<string> {
  if (format === 'csv') yield csvLine(columns);
  for await (const page of pages) {
    const texts = page.map((item) =>
      format === 'csv' ? csvLine(columns.map((name) => String(item[name]))) : `${JSON.stringify(item)}\n`,
    );
    yield texts.join('');
  }
}

/** CSV, or one JSON object a line. */
export function exportList<T extends object>(list: ExportedList<T>): AdminExport {
  return new AdminExport({ format: list.format, name: list.name, chunks: lines(list) });
}
