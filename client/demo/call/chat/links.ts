export interface Piece {
  /** Where in the text it begins. */
  at: number;
  text: string;
  /** Where it leads, if it is a link. */
  href?: string;
}

const ADDRESS = /https?:\/\/[^\s<>"]+/g;
/** What rather belongs to the sentence than to the address at its end. */
const TRAILING = /[.,;:!?'"»”’)\]}]+$/;

/** A text cut up into words and links. Nothing but http and https becomes one: other schemes do things. */
export function pieces(text: string): Piece[] {
  const found: Piece[] = [];
  let end = 0;
  for (const { 0: match, index } of text.matchAll(ADDRESS)) {
    const address = trimmed(match);
    if (!URL.canParse(address)) continue;
    if (index > end) found.push({ at: end, text: text.slice(end, index) });
    found.push({ at: index, text: address, href: new URL(address).href });
    end = index + address.length;
  }
  if (end < text.length) found.push({ at: end, text: text.slice(end) });
  return found;
}

/** A closing bracket stays if it was opened in the address: `…/Star_(network)`. */
function trimmed(address: string): string {
  const without = address.replace(TRAILING, '');
  const isOpen = without.includes('(') && !without.includes(')');
  return isOpen && address[without.length] === ')' ? `${without})` : without;
}
