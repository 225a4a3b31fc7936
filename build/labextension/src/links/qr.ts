/** A QR code as SVG: black on white with its quiet zone, in dark mode too, or cameras do not see it. */
import encodeQR from "qr";

const SVG = "http://www.w3.org/2000/svg";
const QUIET = 4;

export function qrCode(text: string): SVGSVGElement {
  const rows = encodeQR(text, "raw", { ecc: "low", encoding: "byte", border: QUIET });
    const squares = rows.flatMap((row, y) =>
    row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])),
  );
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${rows.length} ${rows.length}`);
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", "QR code of the link");
  svg.setAttribute("shape-rendering", "crispEdges");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", squares.join(""));
  svg.append(path);
  return svg;
}
