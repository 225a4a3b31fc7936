/** Which common places take a link of a length. */

/** Bytes of the largest QR code (version 40, error correction low; ISO/IEC 18004). */
export const QR_MOST = 2953;
/** Discord cuts at 2,000 characters, and so does the least of the usual e-mail programs. */
export const CHAT_MOST = 2000;
export const EMAIL_MOST = 2000;

/** Each place, and whether it takes a link of so many characters. */
export function places(length: number): [string, boolean][] {
  return [
    ["chat", length <= CHAT_MOST],
    ["e-mail", length <= EMAIL_MOST],
    ["QR code", length <= QR_MOST],
  ];
}
