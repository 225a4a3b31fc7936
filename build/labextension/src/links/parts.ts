/** What the cells and outputs of a link are made of: docs/links.md. Pure functions. */

export type CellType = "code" | "markdown" | "raw";

/** The kernel that a notebook is for, where it is not Python. */
export type OtherKernel = "sql";

export interface Cell {
  type: CellType;
  source: string;
  tags?: string[];
  /** Of a Markdown cell: name to MIME type to base64. */
  attachments?: Record<string, Record<string, string>>;
  /** Of a code cell, and only where they were asked for. */
  outputs?: Output[];
}

/** "text", "markdown" or a picture's MIME type; and the text, or the picture in base64. */
export type Output = [kind: string, content: string];

export type Json = Record<string, unknown>;

/** Pictures that a browser shows and that cannot run anything. */
const PICTURE = /^image\/(png|jpeg|gif|webp)$/;
const BASE64 = /^[A-Za-z0-9+/\s]*={0,2}\s*$/;

export function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Half a surrogate pair is no character; nothing can carry it as UTF-8. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, "\ufffd");
}

/** Whether a MIME type, and its data in base64, are a picture's. */
export function isPicture(mime: string, data = ""): boolean {
  return PICTURE.test(mime) && BASE64.test(data);
}
