/** A symbol as Binance spells it, from how other tools do. Pure functions. */
import spellings from "../../../../content/pages/spellings.json";

const ELSEWHERE = spellings.map(({ without }) => new RegExp(without, "gu"));

/** `btcusdt`, `BTC/USDT:USDT` and `BINANCE:BTCUSDT.P` are BTCUSDT: content/pages/spellings.json. */
export function symbolOf(text: string): string {
  return ELSEWHERE.reduce((found, pattern) => found.replace(pattern, ""), text.trim().toUpperCase());
}
