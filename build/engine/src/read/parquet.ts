/** Where the column chunks of a Parquet file lie, from its footer. */
import { parquetMetadata } from "hyparquet";
import type { Span } from "../keep/ranges.ts";

export interface Chunk extends Span {
  /** Top-level column, lower case. */
  column: string;
  /** Smallest and largest value, where the footer tells: numbers of days for dates. */
  min?: unknown;
  max?: unknown;
}

/** A row group: its chunks in file order. */
export type RowGroup = Chunk[];

/**
 * @param footer the end of the file, at least the footer and the 8 bytes behind it.
 * @throws Error when it is not a Parquet footer.
 */
export function readLayout(footer: Uint8Array): RowGroup[] {
  const { row_groups } = parquetMetadata(footer, { geoparquet: false });
  return row_groups.map((group) =>
    group.columns
      .map(({ meta_data: chunk }) => {
        if (!chunk) throw new Error("the column chunks lie in another file");
        const start = Number(chunk.dictionary_page_offset ?? chunk.data_page_offset);
        return {
          column: chunk.path_in_schema[0]!.toLowerCase(),
          start,
          end: start + Number(chunk.total_compressed_size),
          min: chunk.statistics?.min_value,
          max: chunk.statistics?.max_value,
        };
      })
      .sort((a, b) => a.start - b.start),
  );
}
