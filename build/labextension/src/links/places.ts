/** Which common places take a link of a length. */

/** Bytes of the largest QR code (version 40, error correction low; ISO/IEC 18004). */
export const QR_MOST = 2953;
/** Where Discord ends a message, and about where e-mail programs stop to recognize an address. */
export const MESSAGE_MOST = 2000;

/** A sentence that says which places take a link of so many characters. */
export function places(length: number): string {
  if (length <= MESSAGE_MOST) {
    return "Fits in a chat message, an e-mail and a QR code.";
  }
  const long = "Long for chat and e-mail, which may cut it: prefer the badge, or a page of your own.";
  return length <= QR_MOST ? `${long} Fits in a QR code, though a dense one.` : `${long} Too long for a QR code.`;
}
